using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using VerSemi.Domain;
using VerSemi.Platform.Blobs;

namespace VerSemi.DistributedKit.Faults;

/// <summary>Damages production.json, which orchestrators must write again from the ledger.</summary>
public sealed class PointerDamage(IBlobStore blobs)
{
    private const string Line = "main";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>By path: the content that was written in place of the right one.</summary>
    private readonly ConcurrentDictionary<string, string> _left = [];

    public async Task ApplyAsync(Fault fault, CancellationToken cancellation)
    {
        var path = BlobLayout.Production(Line);
        if (await ReadAsync(blobs, path, cancellation) is not { Length: > 0 } whole)
            return;
        string[] damaged = ["", whole[..(whole.Length / 2)], "\0\u0001{[garbage", "[]", "null", """{"generation": 0, "version": 999}"""];
        var content = damaged[(int)(fault.Choice * damaged.Length)];
        _left[path] = content;
        await blobs.WriteTextAsync(path, content, cancellation: cancellation);
    }

    /// <summary>Whether this is the damage, and nothing has replaced it yet.</summary>
    public bool IsLeft(string path, string text) => _left.TryGetValue(path, out var content) && text == content;

    /// <summary>What is not healed within the time.</summary>
    public async Task<IReadOnlyList<string>> UnhealedAsync(TimeSpan within, CancellationToken cancellation)
    {
        var (clock, open) = (Stopwatch.StartNew(), _left.Keys.ToList());
        while (true)
        {
            foreach (var path in open.ToList())
                if (await ReadAsync(blobs, path, cancellation) is not { } text || !IsLeft(path, text))
                    open.Remove(path);
            if (open.Count == 0 || clock.Elapsed > within)
                return [.. open.Select(path => $"{path} is still damaged after {within.TotalSeconds:0} s")];
            await Task.Delay(Pause, cancellation);
        }
    }

    /// <summary>Null where there is no such blob.</summary>
    internal static async Task<string?> ReadAsync(IBlobStore blobs, string path, CancellationToken cancellation)
    {
        try
        {
            await using var content = await blobs.OpenReadAsync(path, cancellation);
            using var text = new StreamReader(content, Encoding.UTF8);
            return await text.ReadToEndAsync(cancellation);
        }
        catch (BlobNotFoundException)
        {
            return null;
        }
    }
}
