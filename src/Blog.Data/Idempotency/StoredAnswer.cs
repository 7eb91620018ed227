namespace Blog.Data.Idempotency;

/// <summary>What a write was answered with, so that it can be sent again byte for byte.</summary>
/// <param name="Status">HTTP status, a success.</param>
/// <param name="Headers">Those of this answer; without the ones that every answer has.</param>
/// <param name="Body">Empty where it had none.</param>
public sealed record StoredAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body);
