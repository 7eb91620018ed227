using Blog.Api.Contract;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Blog.Api.Access;

static class AccessSetup
{
    /// <summary>Who may do what, by configuration.</summary>
    /// <param name="urls">Where the service is going to listen, the admin listener too.</param>
    /// <exception cref="UnusableSettingException">A setting is missing, or makes no sense; or everybody would be let in.</exception>
    public static void AddAccess(this WebApplicationBuilder builder, IEnumerable<string> urls)
    {
        var settings = ContractDocument.FileToWrite(builder.Configuration) is null
            ? AccessSettings.Of(builder.Configuration)
            : AccessSettings.Open;
        OpenDoors.Refuse(settings, urls);
        builder.WebHost.ConfigureKestrel(kestrel => OpenDoors.Guard(settings, kestrel));
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton<AccessRules>();
        if (settings.Tokens is { } tokens)
        {
            builder.Services.AddSingleton(tokens);
            builder.Services.AddSingleton<KeyRing>();
            builder.Services.AddSingleton<IConfigureOptions<JwtBearerOptions>, TokenRules>();
            builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        }
    }

    /// <summary>Nobody comes past this who may not.</summary>
    public static void UseAccess(this IApplicationBuilder app)
    {
        // The keys are as old as the start, not as the first token.
        app.ApplicationServices.GetService<KeyRing>();
        app.Use(app.ApplicationServices.GetRequiredService<AccessRules>().AdmitAsync);
    }
}
