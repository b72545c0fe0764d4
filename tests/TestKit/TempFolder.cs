namespace VerSemi.TestKit;

/// <summary>A folder of a test's own, gone when the test is. Set VERSEMI_KEEP=1 to look at what it left.</summary>
public sealed class TempFolder : IDisposable
{
    public TempFolder() => Directory.CreateDirectory(Path);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"versemi-{Guid.NewGuid():N}");

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        if (Environment.GetEnvironmentVariable("VERSEMI_KEEP") is null && Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }
}
