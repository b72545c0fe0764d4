using VerSemi.Cli.Hosting;

namespace VerSemi.Cli.Demo;

/// <summary>The demo works in a folder of its own, fresh each time; it deletes nothing that it did not make.</summary>
internal static class DemoFolder
{
    private const string Marker = ".versemi-demo";

    public static void MakeFresh(DataFolder data)
    {
        if (Directory.Exists(data.Path) && Directory.EnumerateFileSystemEntries(data.Path).Any())
        {
            if (!IsDemo(data))
                throw new UsageException($"{data.Path} is not empty and was not made by a demo. Give an empty folder with --data.");
            // Whoever still works in it keeps it.
            using (data.TryLock("demo") ?? throw new UsageException($"{data.Path} is in use by process {data.ReadUp()?.Pid}. Stop it, or give another folder with --data."))
                foreach (var entry in Directory.EnumerateDirectories(data.Path))
                    Directory.Delete(entry, recursive: true);
            Directory.Delete(data.Path, recursive: true);
        }
        data.Create();
        File.WriteAllText(Path.Combine(data.Path, Marker), "Made by 'versemi demo', which deletes this folder when it runs again.\n");
    }

    public static bool IsDemo(DataFolder data) => File.Exists(Path.Combine(data.Path, Marker));
}
