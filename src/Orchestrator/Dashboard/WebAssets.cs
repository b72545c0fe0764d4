using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;

namespace VerSemi.Orchestrator.Dashboard;

/// <summary>Scripts and styles out of the assembly, by address: no file beside it, and none from elsewhere.</summary>
internal sealed class WebAssets : IFileProvider
{
    private const string Prefix = "web:";
    private static readonly Assembly Assembly = typeof(WebAssets).Assembly;
    private static readonly DateTimeOffset Built = File.GetLastWriteTimeUtc(Assembly.Location);
    private static readonly HashSet<string> Names = [.. Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name => $"/{name[Prefix.Length..]}")];

    /// <summary>In the addresses of the pages' scripts and styles: what a browser keeps is never another build's.</summary>
    public static string Version { get; } = Assembly.ManifestModule.ModuleVersionId.ToString("N")[..12];

    public static StaticFileOptions Options { get; } = new()
    {
        FileProvider = new WebAssets(),
        OnPrepareResponse = answer => answer.Context.Response.Headers.CacheControl =
            answer.Context.Request.Query.ContainsKey("v") ? "public, max-age=31536000, immutable" : "no-cache",
    };

    public static bool Has(HttpContext context) => context.Request.Path.Value is { } path && Names.Contains(path);

    public IFileInfo GetFileInfo(string subpath) =>
        Names.Contains(subpath) ? new Asset(Path.GetFileName(subpath), Prefix + subpath[1..]) : new NotFoundFileInfo(subpath);

    public IDirectoryContents GetDirectoryContents(string subpath) => NotFoundDirectoryContents.Singleton;

    public IChangeToken Watch(string filter) => NullChangeToken.Singleton;

    private sealed record Asset(string Name, string Resource) : IFileInfo
    {
        public bool Exists => true;
        public bool IsDirectory => false;
        public DateTimeOffset LastModified => Built;
        public string? PhysicalPath => null;
        public long Length { get; } = Open(Resource).Length;

        public Stream CreateReadStream() => Open(Resource);

        private static Stream Open(string resource) => Assembly.GetManifestResourceStream(resource)!;
    }
}
