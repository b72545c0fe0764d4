using System.Security.Cryptography;
using VerSemi.Domain;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Cli.Client;

/// <summary>
/// A folder becomes a drop of a remote platform, file by file. What is whole there is not sent again, so that an upload
/// that broke off goes on; what lies there and not here is removed, as a drop replaces the one of its name.
/// </summary>
internal sealed class DropUpload(ApiClient api, DropFolder drop)
{
    private const string Description = "dataset.json";
    private string _at = "";

    /// <param name="done">Told how many bytes are there since the last call.</param>
    public async Task RunAsync(Action<long> done, CancellationToken cancellation)
    {
        try
        {
            await SendAllAsync(done, cancellation);
        }
        catch (HttpRequestException e)
        {
            throw new DomainException($"The upload of drop '{drop.Name}' broke off{_at}: {e.GetBaseException().Message} Run the same command again: what is whole there is not sent again.");
        }
    }

    private async Task SendAllAsync(Action<long> done, CancellationToken cancellation)
    {
        RefuseUnsafeNames();
        var there = (await api.GetAsync<IReadOnlyList<DropFileView>>(Routes.DropFiles(drop.Name), cancellation)).ToDictionary(file => file.Path);
        var files = drop.Files.Where(file => IsOfDataset(file.Relative)).ToList();
        var open = new List<DropFile>();
        foreach (var file in files)
            if (await IsThereAsync(file, there, cancellation))
                done(file.Bytes);
            else
                open.Add(file);
        await ChangeAsync(files, open, there.Keys.Except(files.Select(file => file.Relative)).ToList(), there.Keys, done, cancellation);
        await api.PostAsync<DropView>(Routes.CompleteDrop(drop.Name), null, cancellation);
    }

    /// <summary>Before anything is sent: the platform would refuse them one by one.</summary>
    private void RefuseUnsafeNames()
    {
        var faulty = drop.Files.Where(file => IsOfDataset(file.Relative) && !PathSegment.AreAll(file.Relative)).Select(file => $"'{ShownText.Of(file.Relative)}'").ToList();
        if (faulty.Count > 0)
            throw new UsageException($"{faulty.Count} file(s) of {drop.Source} have names that a drop cannot hold: {string.Join(", ", faulty.Take(5))}{(faulty.Count > 5 ? ", …" : "")}. Rename them; possible is {PathSegment.Allowed}, for each.");
    }

    /// <summary>While anything changes there is no description, and it comes last: a drop is not taken half old, half new.</summary>
    private async Task ChangeAsync(
        List<DropFile> files, List<DropFile> open, List<string> stale, IEnumerable<string> there, Action<long> done, CancellationToken cancellation)
    {
        if (open.Count + stale.Count == 0)
            return;
        foreach (var path in there.Where(IsDescription).Concat(stale).Distinct())
            await api.DeleteAsync(Routes.DropFile(drop.Name, path), cancellation);
        foreach (var file in open.Where(file => !IsDescription(file.Relative)))
            await SendAsync(file, done, cancellation);
        foreach (var file in files.Where(file => IsDescription(file.Relative)))
            await SendAsync(file, open.Contains(file) ? done : _ => { }, cancellation);
    }

    private async Task SendAsync(DropFile file, Action<long> done, CancellationToken cancellation)
    {
        _at = $" at {file.Relative}";
        using var content = new UploadContent(file.Source, file.Bytes, done);
        await api.PutAsync(Routes.DropFile(drop.Name, file.Relative), content, cancellation);
        _at = "";
    }

    /// <summary>By content: a corrected label is often as long as the one before.</summary>
    private async Task<bool> IsThereAsync(DropFile file, Dictionary<string, DropFileView> there, CancellationToken cancellation)
    {
        if (there.GetValueOrDefault(file.Relative)?.Bytes != file.Bytes)
            return false;
        await using var content = File.OpenRead(file.Source);
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation));
        return (await api.GetSlowlyAsync<DropFileView>(Routes.DropFile(drop.Name, file.Relative), cancellation)).Sha256 == hash;
    }

    /// <summary>Names that begin with '_' are the platform's, those with '.' what desktops leave behind: Ingest looks at neither.</summary>
    private static bool IsOfDataset(string path) => !path.Split('/').Any(part => part.StartsWith('_') || part.StartsWith('.'));

    private static bool IsDescription(string path) => Path.GetFileName(path) == Description;
}
