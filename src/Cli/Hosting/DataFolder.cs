using System.Text.Json;
using VerSemi.Domain;

namespace VerSemi.Cli.Hosting;

/// <summary>Content of up.json: who runs the platform on a data folder, and where it answers.</summary>
/// <param name="Address">Null while it is still starting.</param>
internal sealed record UpInfo(string? Address, int Pid, DateTimeOffset Started, string Command);

/// <summary>
/// The folder that an embedded platform lives in: the blob store's root (people drop into incoming/), the database, the
/// lock of the one process that runs on it, and that process's address.
/// </summary>
internal sealed class DataFolder(string path)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public string Path => path;
    public string Incoming => System.IO.Path.Combine(path, "incoming");
    public string Database => System.IO.Path.Combine(path, "versemi.db");
    private string UpFile => System.IO.Path.Combine(path, "up.json");
    private string KeyFile => System.IO.Path.Combine(path, "up.key");
    private string LockFile => System.IO.Path.Combine(path, "lock");

    /// <summary>Null where another process has it. The kernel gives the lock back when its holder dies, however it dies.</summary>
    public DataFolderLock? TryLock(string command)
    {
        Directory.CreateDirectory(Incoming);
        FileStream stream;
        try
        {
            stream = new FileStream(LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(LockFile))
        {
            return null;
        }
        var held = new DataFolderLock(this, stream, new UpInfo(null, Environment.ProcessId, TimeProvider.System.GetUtcNow(), command));
        held.Publish(null);
        return held;
    }

    /// <summary>A short question of another command is waited for; whoever serves is not.</summary>
    public async Task<DataFolderLock> LockAsync(string command, CancellationToken cancellation)
    {
        for (var waited = TimeSpan.Zero; waited < Patience; waited += Pause)
        {
            if (TryLock(command) is { } held)
                return held;
            await Task.Delay(Pause, cancellation);
        }
        throw new DomainException(ReadUp() is { } up
            ? $"The data folder {path} is in use: process {up.Pid} ('versemi {up.Command}', since {up.Started.ToLocalTime():yyyy-MM-dd HH:mm:ss}){(up.Address is null ? "" : $" serves it at {up.Address}")}. Stop it, or choose another folder with --data."
            : $"The data folder {path} is in use by another process. Stop it, or choose another folder with --data.");
    }

    /// <summary>Null where there is none, or a reader cannot make sense of it.</summary>
    public UpInfo? ReadUp()
    {
        try
        {
            return JsonSerializer.Deserialize<UpInfo>(File.ReadAllText(UpFile), DomainJson.Readable);
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }

    internal void WriteUp(UpInfo info)
    {
        var fresh = $"{UpFile}.{Environment.ProcessId}.part";
        File.WriteAllText(fresh, JsonSerializer.Serialize(info, DomainJson.Readable));
        File.Move(fresh, UpFile, overwrite: true);
    }

    internal void DeleteUp()
    {
        File.Delete(UpFile);
        File.Delete(KeyFile);
    }

    /// <summary>What the commands of this user show to a platform that asks for authentication; null: it asks for none.</summary>
    public string? ReadKey() => File.Exists(KeyFile) ? OwnFile.Read(KeyFile) : null;

    internal void WriteKey(string key) => OwnFile.Write(KeyFile, key);
}

/// <summary>The right to run the platform on a data folder.</summary>
internal sealed class DataFolderLock(DataFolder folder, FileStream stream, UpInfo info) : IDisposable
{
    public DataFolder Folder => folder;

    public void Publish(string? address) => folder.WriteUp(info with { Address = address });

    /// <summary>Before the address: who finds that needs it.</summary>
    public void PublishKey(string key) => folder.WriteKey(key);

    public void Dispose()
    {
        folder.DeleteUp();
        stream.Dispose();
    }
}
