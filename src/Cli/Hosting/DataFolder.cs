using System.Text.Json;
using VerSemi.Domain;
using VerSemi.Platform.Files;

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

    /// <summary>Creates the folder where it does not exist. What this process writes from then on is private: database, journals, unfinished files.</summary>
    /// <exception cref="DomainException">Other users could open it.</exception>
    public void Create()
    {
        PrivateFiles.ByDefault();
        PrivateFiles.CreateFolder(path);
        if (PrivateFiles.Faults(path).FirstOrDefault() is { } fault)
            throw new DomainException($"The data folder {fault}");
        PrivateFiles.CreateFolder(Incoming);
    }

    /// <summary>Null where another process has it. The kernel gives the lock back when its holder dies, however it dies.</summary>
    /// <exception cref="DomainException">Other users could open the folder.</exception>
    public DataFolderLock? TryLock(string command)
    {
        Create();
        FileStream stream;
        try
        {
            stream = PrivateFiles.Open(LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
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
            var up = JsonSerializer.Deserialize<UpInfo>(File.ReadAllText(UpFile), DomainJson.Readable);
            return up?.Address is null || Uri.TryCreate(up.Address, UriKind.Absolute, out _) ? up : null;
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }

    internal void WriteUp(UpInfo info) => OwnFile.Write(UpFile, JsonSerializer.Serialize(info, DomainJson.Readable));

    internal void DeleteUp()
    {
        File.Delete(UpFile);
        File.Delete(KeyFile);
    }

    /// <summary>What the commands of this user show to a platform that asks for authentication; null: it asks for none.</summary>
    public string? ReadKey() => File.Exists(KeyFile) ? OwnFile.Read(KeyFile) : null;

    internal void WriteKey(string key) => OwnFile.Write(KeyFile, key);

    internal bool HasKey(string key) => File.Exists(KeyFile) && File.ReadAllText(KeyFile) == key;
}

/// <summary>The right to run the platform on a data folder. While it is held, what was published is written again where something else changed it.</summary>
internal sealed class DataFolderLock : IDisposable
{
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(2);

    private readonly Lock _alone = new();
    private readonly FileStream _stream;
    private readonly ITimer _check;
    private UpInfo _info;
    private string? _key;
    private bool _over;

    public DataFolderLock(DataFolder folder, FileStream stream, UpInfo info)
    {
        (Folder, _stream, _info) = (folder, stream, info);
        _check = TimeProvider.System.CreateTimer(_ => Restore(), null, CheckEvery, CheckEvery);
    }

    public DataFolder Folder { get; }

    public void Publish(string? address)
    {
        lock (_alone)
            Folder.WriteUp(_info = _info with { Address = address });
    }

    /// <summary>Before the address: who finds that needs it.</summary>
    public void PublishKey(string key)
    {
        lock (_alone)
            Folder.WriteKey(_key = key);
    }

    private void Restore()
    {
        lock (_alone)
            try
            {
                if (!_over && Folder.ReadUp() != _info)
                    Folder.WriteUp(_info);
                if (!_over && _key is { } key && !Folder.HasKey(key))
                    Folder.WriteKey(key);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A full disk, say: the next check tries again.
            }
    }

    public void Dispose()
    {
        lock (_alone)
        {
            _over = true;
            Folder.DeleteUp();
        }
        _check.Dispose();
        _stream.Dispose();
    }
}
