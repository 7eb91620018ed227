using Blog.Api.Contract;
using Microsoft.Extensions.DependencyInjection.Extensions;

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
        builder.Services.AddSingleton(services =>
        {
            if (settings.Tokens is not { } tokens)
            {
                return new AccessRules(settings, tokens: null);
            }

            var time = services.GetRequiredService<TimeProvider>();
            var keys = new KeyRing(tokens, time, services.GetRequiredService<ILogger<KeyRing>>());
            return new AccessRules(settings, new TokenCheck(tokens, keys, time));
        });
    }
}
