namespace Blog.Api.Access;

/// <summary>The service cannot start with what it is told.</summary>
/// <param name="message">For whoever starts it: which setting, and what belongs there. Never a secret.</param>
sealed class UnusableSettingException(string message) : Exception(message);
