using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using VerSemi.Domain;
using VerSemi.Domain.Catalogue;
using VerSemi.Orchestrator.Access;
using VerSemi.Orchestrator.Catalogue;
using VerSemi.Orchestrator.Persistence;
using VerSemi.Platform.Blobs;

namespace VerSemi.Orchestrator.Api;

/// <summary>The cases of datasets, and their voxels.</summary>
internal static class CasesApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/datasets/{name}/versions", VersionsAsync).NeedsRole(Role.Viewer).Described("listDatasetVersions", "Versions of a dataset");
        api.MapGet("/datasets/{name}/cases", ListAsync).NeedsRole(Role.Viewer).Described("listCases", "Cases of a dataset version");
        api.MapGet("/datasets/{name}/quarantine", QuarantineAsync).NeedsRole(Role.Viewer).Described("listQuarantine", "Cases that ingest left out, with the reasons");
        MapFile(api, "image.nii.gz", Volumes.Gzip, (volumes, http, dataset, entry, stop) => volumes.VoxelsAsync(http, dataset, entry.Image, stop)).Audited("look at volume");
        MapFile(api, "label.nii.gz", Volumes.Gzip, (volumes, http, dataset, entry, stop) => volumes.VoxelsAsync(
            http, dataset, entry.Label ?? throw new UnknownNameException($"Case '{entry.Id}' of dataset '{dataset}' has no label."), stop)).Audited("look at volume");
        MapFile(api, "thumbnail.png", Volumes.Png, (volumes, http, dataset, entry, stop) => volumes.ThumbnailAsync(http, dataset, entry.Image, stop));
    }

    private static RouteHandlerBuilder MapFile(IEndpointRouteBuilder api, string file, string type, Func<Volumes, HttpContext, string, CaseEntry, CancellationToken, Task<IResult>> serve) =>
        api.MapGet($"/datasets/{{name}}/cases/{{case}}/{file}", async (
            string name, string @case, HttpContext http, OrchestratorDb db, Manifests manifests, Volumes volumes, CancellationToken cancellation, string? version = null) =>
        {
            var manifest = await ManifestAsync(name, version, db, manifests, cancellation);
            var entry = manifest.Cases.FirstOrDefault(entry => entry.Id == @case)
                ?? throw new UnknownNameException($"Dataset '{name}' has no case '{@case}' in version {version ?? "that is newest"}. GET {Routes.Cases(name)} lists them.");
            return await serve(volumes, http, name, entry, cancellation);
        }).NeedsRole(Role.Viewer).Described($"getCase{char.ToUpperInvariant(file[0])}{file[1..file.IndexOf('.', StringComparison.Ordinal)]}", $"A case's {file}").Produces<Stream>(200, type);

    public static async Task<List<DatasetVersionView>> VersionsAsync(string name, OrchestratorDb db, Manifests manifests, IBlobStore blobs, CancellationToken cancellation)
    {
        var row = await FindAsync(name, db, cancellation);
        var versions = new List<DatasetVersionView>();
        foreach (var version in (await blobs.ListFoldersAsync(BlobLayout.Dataset(name), cancellation)).Where(PathSegment.Is))
            if (await blobs.FindAsync(BlobLayout.DatasetManifest(name, version), cancellation) is not null)
            {
                var manifest = await manifests.ReadAsync(name, version, cancellation);
                versions.Add(new DatasetVersionView(
                    version, version == row.Version, manifest.In(Split.Training).Count(), manifest.In(Split.Validation).Count(), manifest.In(Split.Test).Count(),
                    manifest.Unlabelled.Count(), [.. manifest.Labels.Select(label => label.TaskId).Distinct()]));
            }
        return [.. versions.OrderByDescending(version => version.Newest)];
    }

    private static async Task<List<CaseView>> ListAsync(
        string name, HttpContext http, OrchestratorDb db, Manifests manifests, IBlobStore blobs, CancellationToken cancellation,
        string? version = null, string? split = null, int? limit = null, string? after = null)
    {
        var manifest = await ManifestAsync(name, version, db, manifests, cancellation);
        var cases = split is null ? manifest.Cases : [.. manifest.Cases.Where(entry => entry.Split == SplitOf(split))];
        var page = Pages.Of(http, cases, entry => entry.Id, limit, after);
        var notes = await NotesAsync(name, db, blobs, cancellation);
        return [.. page.Select(entry => View(name, version, entry, notes.GetValueOrDefault(entry.Id) ?? []))];
    }

    public static async Task<List<QuarantinedView>> QuarantineAsync(string name, OrchestratorDb db, IBlobStore blobs, CancellationToken cancellation)
    {
        await FindAsync(name, db, cancellation);
        var reports = await ReportsAsync(name, db, blobs, cancellation);
        return [.. reports.SelectMany(report => report.Cases.Where(one => one.Quarantined is not null).Select(one => new QuarantinedView(one.Id, report.Drop, one.Quarantined!)))];
    }

    private static CaseView View(string dataset, string? version, CaseEntry entry, IReadOnlyList<string> notes) => new(
        entry.Id, entry.Patient, entry.Split, entry.Size, entry.Spacing, notes, Routes.CaseFile(dataset, entry.Id, "image.nii.gz", version),
        entry.Label is null ? null : Routes.CaseFile(dataset, entry.Id, "label.nii.gz", version), Routes.CaseFile(dataset, entry.Id, "thumbnail.png", version));

    /// <summary>By case; the newest report's where several speak of one.</summary>
    private static async Task<Dictionary<string, IReadOnlyList<string>>> NotesAsync(string dataset, OrchestratorDb db, IBlobStore blobs, CancellationToken cancellation)
    {
        var notes = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var one in (await ReportsAsync(dataset, db, blobs, cancellation)).SelectMany(report => report.Cases).Where(one => one.Quarantined is null))
            notes[one.Id] = one.Notes;
        return notes;
    }

    /// <summary>Of the drops that went into it, oldest first.</summary>
    private static async Task<List<IngestReport>> ReportsAsync(string dataset, OrchestratorDb db, IBlobStore blobs, CancellationToken cancellation)
    {
        var drops = await db.Drops.AsNoTracking().Where(drop => drop.Dataset == dataset).OrderBy(drop => drop.ReportedAt).Select(drop => drop.Name).ToListAsync(cancellation);
        var reports = new List<IngestReport>();
        foreach (var drop in drops)
            if (await blobs.InspectJsonAsync<IngestReport>(BlobLayout.DropReport(drop), DomainJson.Readable, cancellation) is { Value: { } report })
                reports.Add(report);
        return reports;
    }

    private static Split? SplitOf(string split) => split.Equals("unlabelled", StringComparison.OrdinalIgnoreCase) ? null
        : Enum.TryParse<Split>(split, ignoreCase: true, out var known) && Enum.IsDefined(known) ? known
        : throw new DomainException($"split '{split}' is not one: training, validation, test or unlabelled.");

    private static async Task<DatasetManifest> ManifestAsync(string name, string? version, OrchestratorDb db, Manifests manifests, CancellationToken cancellation) =>
        await manifests.ReadAsync(name, version is { } named ? RequireVersion(named) : (await FindAsync(name, db, cancellation)).Version, cancellation);

    private static string RequireVersion(string version) => version.All(char.IsAsciiLetterOrDigit) ? version
        : throw new DomainException($"version '{version}' is not one: letters and digits, as GET …/versions lists them.");

    private static async Task<DatasetRow> FindAsync(string name, OrchestratorDb db, CancellationToken cancellation) =>
        await db.Datasets.AsNoTracking().FirstOrDefaultAsync(dataset => dataset.Name == name, cancellation)
        ?? throw new UnknownNameException($"There is no dataset '{name}'. `versemi datasets` lists them.");
}
