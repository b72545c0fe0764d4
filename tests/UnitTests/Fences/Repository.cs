using System.Xml.Linq;

namespace VerSemi.UnitTests.Fences;

/// <summary>The repository's own files, as the fences read them.</summary>
internal static class Repository
{
    private static readonly string[] Ignored = ["bin", "obj", ".git", "node_modules"];

    public static string Root { get; } = FindRoot();

    /// <summary>Every project by its name: src/X/X.csproj and tests/X/X.csproj.</summary>
    public static IReadOnlyDictionary<string, Project> Projects { get; } = Files("src", ".csproj").Concat(Files("tests", ".csproj"))
        .Select(path => new Project(path)).ToDictionary(project => project.Name);

    public static IEnumerable<Project> Products => Projects.Values.Where(project => project.Folder.StartsWith("src/", StringComparison.Ordinal));

    /// <summary>Paths relative to the root, with '/', of the files below a folder that end so.</summary>
    public static IEnumerable<string> Files(string folder, params string[] endings) => Directory
        .EnumerateFiles(Path.Combine(Root, folder), "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
        .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
        .Where(path => !path.Split('/').Intersect(Ignored).Any() && endings.Any(ending => path.EndsWith(ending, StringComparison.Ordinal)));

    public static string[] Lines(string path) => File.ReadAllLines(Path.Combine(Root, path));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "VerSemi.sln")))
                return folder.FullName;
        throw new InvalidOperationException($"No VerSemi.sln above {AppContext.BaseDirectory}: run the tests from a build inside the repository.");
    }

    internal sealed class Project(string path)
    {
        private readonly XDocument _xml = XDocument.Load(Path.Combine(Root, path));

        public string Name => Path.GetFileNameWithoutExtension(path);
        public string Folder => Path.GetDirectoryName(path)!.Replace('\\', '/') + "/";
        public IEnumerable<string> Packages => Included("PackageReference");
        public IEnumerable<string> References => Included("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Replace('\\', '/')));

        /// <summary>Lines of its sources that import or spell out the namespace.</summary>
        public IEnumerable<string> UsesOf(string prefix) => Files(Folder, ".cs", ".razor")
            .Where(file => Lines(file).Any(line => Names(line.TrimStart(), prefix)))
            .Concat(Included("Using").Where(name => name == prefix || name.StartsWith(prefix + ".", StringComparison.Ordinal)).Select(_ => path));

        private IEnumerable<string> Included(string element) => _xml.Descendants(element).Select(e => (string?)e.Attribute("Include")).OfType<string>();

        private static bool Names(string line, string prefix) =>
            (line.StartsWith("using ", StringComparison.Ordinal) || line.StartsWith("global using ", StringComparison.Ordinal) || line.StartsWith("@using ", StringComparison.Ordinal) || line.Contains($"global::{prefix}.", StringComparison.Ordinal))
            && System.Text.RegularExpressions.Regex.IsMatch(line, $@"(\s|=|::){System.Text.RegularExpressions.Regex.Escape(prefix)}[.;\s]");
    }
}
