using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Blog.Cli.Access;
using Blog.Cli.Idempotency;
using Blog.Cli.Import;
using Blog.Cli.Migrate;
using Blog.Cli.Sql;
using Blog.Data.Migrations;
using Blog.Data.Migrations.Released;
using Blog.Data.Migrations.Review;
using Blog.Data.Migrations.Schema;
using Blog.Data.Operate;

namespace Blog.Cli;

/// <summary>How the commands write JSON: snake_case, characters as they are, one line.</summary>
[JsonSerializable(typeof(ImportResult))]
[JsonSerializable(typeof(RejectedLine))]
[JsonSerializable(typeof(ClearResult))]
[JsonSerializable(typeof(MigrationList))]
[JsonSerializable(typeof(MigrationRun))]
[JsonSerializable(typeof(SchemaSnapshot))]
[JsonSerializable(typeof(DriftResult))]
[JsonSerializable(typeof(BaselineReport))]
[JsonSerializable(typeof(SchemaText))]
[JsonSerializable(typeof(DossierItems))]
[JsonSerializable(typeof(MigrationReview))]
[JsonSerializable(typeof(PlanItem))]
[JsonSerializable(typeof(QueryList))]
[JsonSerializable(typeof(QueryItem))]
[JsonSerializable(typeof(QueryPlans))]
[JsonSerializable(typeof(AuditReport))]
[JsonSerializable(typeof(FoundStatement))]
[JsonSerializable(typeof(FootprintItems))]
[JsonSerializable(typeof(RightItems))]
[JsonSerializable(typeof(ContractReport))]
[JsonSerializable(typeof(ReleasedCatalogue))]
[JsonSerializable(typeof(TokenClaims))]
[JsonSerializable(typeof(WrittenToken))]
sealed partial class CliJson : JsonSerializerContext
{
    static readonly JsonSerializerOptions settings = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new CliJson(),
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, settings);

    public static byte[] WriteUtf8<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, settings);
}
