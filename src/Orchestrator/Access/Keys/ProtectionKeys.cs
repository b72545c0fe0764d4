using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VerSemi.Orchestrator.Persistence;

namespace VerSemi.Orchestrator.Access.Keys;

/// <summary>The keys that protect cookies lie in the database: a cookie of one replica is read by all.</summary>
/// <param name="isEncrypted">Keys at rest are encrypted: others are neither used nor kept, since who could read them could forge sessions.</param>
internal sealed class ProtectionKeys(IServiceScopeFactory scopes, bool isEncrypted, ILogger<ProtectionKeys> log) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var scope = scopes.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<OrchestratorDb>();
        var keys = db.ProtectionKeys.AsNoTracking().Select(row => new { row.Name, row.Xml }).AsEnumerable().Select(row => (row.Name, Xml: XElement.Parse(row.Xml))).ToList();
        var readable = isEncrypted ? keys.Where(key => key.Xml.Name.LocalName == "key" && !KeyEncryptor.IsEncrypted(key.Xml)).ToList() : [];
        if (readable.Count > 0)
            Delete(db, [.. readable.Select(key => key.Name)]);
        return [.. keys.Except(readable).Select(key => key.Xml)];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var scope = scopes.CreateScope();
        var db = scope.ServiceProvider.GetRequiredService<OrchestratorDb>();
        db.ProtectionKeys.Add(new ProtectionKeyRow { Name = friendlyName, Xml = element.ToString(SaveOptions.DisableFormatting), CreatedAt = db.Clock.Now });
        db.SaveChanges();
    }

    private void Delete(OrchestratorDb db, List<string> names)
    {
        db.ProtectionKeys.Where(row => names.Contains(row.Name)).ExecuteDelete();
        log.LogWarning("{Count} keys of sessions were not encrypted by Access:Keys and are deleted; browsers sign in again.", names.Count);
    }
}
