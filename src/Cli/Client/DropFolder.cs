using VerSemi.Cli.Hosting;
using VerSemi.Domain;
using VerSemi.Platform.Files;

namespace VerSemi.Cli.Client;

/// <param name="Relative">To the dropped folder, with '/'.</param>
internal sealed record DropFile(string Source, string Relative, long Bytes);

/// <summary>A folder that a person wants to drop: copied aside first, then moved into incoming/ in one step.</summary>
internal sealed class DropFolder
{
    private readonly List<DropFile> _files = [];

    public DropFolder(string path, string? name = null)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (!Directory.Exists(full))
            throw new UsageException($"{path} is not a folder. Give the folder that holds the dataset's dataset.json.");
        Source = full;
        Name = NameOf(name ?? Path.GetFileName(full), given: name is not null);
        Collect(full, "");
        if (_files.Count == 0)
            throw new UsageException($"The folder {path} is empty. Give the folder that holds the dataset's dataset.json.");
    }

    public string Source { get; }
    public string Name { get; }
    public IReadOnlyList<DropFile> Files => _files;
    public long Bytes => _files.Sum(file => file.Bytes);

    /// <summary>Where the same drop lies already, it is replaced: its content decides whether that is a new version.</summary>
    /// <param name="copied">Told how many bytes were copied since the last call.</param>
    public async Task PlaceAsync(DataFolder data, Action<long> copied, CancellationToken cancellation)
    {
        var target = Path.Combine(data.Incoming, Name);
        if (Source == target)
            return;
        if (Source.StartsWith(target + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new UsageException($"{Source} lies inside the drop '{Name}', which it would replace. Give it another name with --name.");
        if (new DirectoryInfo(target).LinkTarget is { } elsewhere)
            throw new DomainException($"{target} is a link to {elsewhere}, which is not replaced. Remove the link, or give the drop another name with --name.");
        data.Create();
        var aside = Path.Combine(data.Path, ".drops", Guid.NewGuid().ToString("N"));
        try
        {
            foreach (var (source, relative, bytes) in _files)
            {
                await CopyAsync(source, Path.Combine(aside, "new", relative), cancellation);
                copied(bytes);
            }
            Replace(target, aside);
        }
        finally
        {
            if (Directory.Exists(aside))
                Directory.Delete(aside, recursive: true);
        }
    }

    private static void Replace(string target, string aside)
    {
        var (made, old) = (Path.Combine(aside, "new"), Path.Combine(aside, "old"));
        if (Directory.Exists(target))
            Directory.Move(target, old);
        try
        {
            Directory.Move(made, target);
        }
        catch when (Directory.Exists(old) && !Directory.Exists(target))
        {
            // What lies aside is deleted next, and one of the two must stay.
            Directory.Move(old, target);
            throw;
        }
    }

    /// <summary>Before anything is touched: the name becomes a folder that is replaced as a whole.</summary>
    private static string NameOf(string name, bool given)
    {
        try
        {
            return PathSegment.Of("a drop", name).Text;
        }
        catch (DomainException e)
        {
            throw new UsageException($"{(given ? "--name: " : "")}{e.Message} {(given ? "Give another." : "Give the drop a name with --name.")}");
        }
    }

    private static async Task CopyAsync(string source, string target, CancellationToken cancellation)
    {
        PrivateFiles.CreateFolder(Path.GetDirectoryName(target)!);
        await using var from = File.OpenRead(source);
        await using var to = PrivateFiles.Open(target, FileMode.Create, FileAccess.Write, FileShare.None);
        await from.CopyToAsync(to, cancellation);
    }

    private void Collect(string folder, string relative)
    {
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos().OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            var name = Path.Combine(relative, entry.Name);
            if (!entry.Exists && entry.LinkTarget is null)
                throw new UsageException($"'{ShownText.Of(name)}' in {folder} cannot be opened: its name is not UTF-8, or it was removed just now. Rename it (convmv -f latin1 -t utf8 -r --notest does so for ISO 8859-1), or leave it out.");
            if (entry is FileInfo file)
                _files.Add(new DropFile(file.FullName, name, file.Length));
            else if (entry.LinkTarget is not null)
                throw new DomainException($"{entry.FullName} is a link to a folder. Drop the folder itself, or copy it in.");
            else if (name != "_report")
                Collect(entry.FullName, name);
        }
    }
}
