using VerSemi.Cli.Hosting;
using VerSemi.Domain;

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
        Name = name ?? Path.GetFileName(full);
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
        Directory.CreateDirectory(data.Incoming);
        var aside = Path.Combine(data.Path, ".drops", Guid.NewGuid().ToString("N"));
        try
        {
            foreach (var (source, relative, bytes) in _files)
            {
                await CopyAsync(source, Path.Combine(aside, "new", relative), cancellation);
                copied(bytes);
            }
            if (Directory.Exists(target))
                Directory.Move(target, Path.Combine(aside, "old"));
            Directory.Move(Path.Combine(aside, "new"), target);
        }
        finally
        {
            if (Directory.Exists(aside))
                Directory.Delete(aside, recursive: true);
        }
    }

    private static async Task CopyAsync(string source, string target, CancellationToken cancellation)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        await using var from = File.OpenRead(source);
        await using var to = File.Create(target);
        await from.CopyToAsync(to, cancellation);
    }

    private void Collect(string folder, string relative)
    {
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos().OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            var name = Path.Combine(relative, entry.Name);
            if (entry is FileInfo file)
                _files.Add(new DropFile(file.FullName, name, file.Length));
            else if (entry.LinkTarget is not null)
                throw new DomainException($"{entry.FullName} is a link to a folder. Drop the folder itself, or copy it in.");
            else if (name != "_report")
                Collect(entry.FullName, name);
        }
    }
}
