using System.Xml.Linq;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection;
using VerSemi.Orchestrator.Access;

namespace VerSemi.IntegrationTests.Orchestrator.Access;

/// <summary>What somebody can do who has read the rows of the key ring: sign cookies.</summary>
internal sealed class StolenKeys(IReadOnlyList<string> rows) : IXmlRepository
{
    public static async Task<StolenKeys> FromAsync(TestPlatform platform) =>
        new(await platform.InDatabaseAsync(db => Task.FromResult(db.ProtectionKeys.Select(row => row.Xml).ToList())));

    public IReadOnlyList<string> Rows => rows;

    /// <exception cref="Exception">The keys are of no use: they are encrypted.</exception>
    public string Sign(string name, Role role, string how, string? token = null)
    {
        using var services = Services();
        // As ASP.NET's cookie handler makes its own.
        var protector = services.GetRequiredService<IDataProtectionProvider>().CreateProtector("Microsoft.AspNetCore.Authentication.Cookies.CookieAuthenticationMiddleware", "session", "v2");
        var now = DateTimeOffset.UtcNow;
        var properties = new AuthenticationProperties { IssuedUtc = now, ExpiresUtc = now.AddDays(1) };
        return new TicketDataFormat(protector).Protect(new AuthenticationTicket(Principals.Make(name, role, how, token), properties, "session"));
    }

    public IReadOnlyCollection<XElement> GetAllElements() => [.. rows.Select(XElement.Parse)];

    public void StoreElement(XElement element, string friendlyName) => throw new InvalidOperationException("A thief makes no keys.");

    private ServiceProvider Services()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddDataProtection().SetApplicationName("VerSemi");
        services.Configure<KeyManagementOptions>(keys => (keys.XmlRepository, keys.AutoGenerateKeys) = (this, false));
        return services.BuildServiceProvider();
    }
}
