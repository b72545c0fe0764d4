using System.Buffers.Binary;

namespace VerSemi.Imaging.Dicom.Pixels;

/// <summary>Which fragments are which frame (PS3.5 annex A.4): one each, or as the basic offset table says, or each from a start-of-image marker on.</summary>
internal static class EncapsulatedFrames
{
    /// <param name="fragments">The first is the offset table.</param>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Of(IReadOnlyList<ReadOnlyMemory<byte>> fragments, int frames, string file)
    {
        var data = fragments.Skip(1).ToList();
        if (data.Count == frames)
            return data;
        if (frames == 1 && data.Count > 0)
            return [Joined(data)];
        var starts = ByTable(fragments.Count > 0 ? fragments[0] : default, data, frames) ?? [.. Enumerable.Range(0, data.Count).Where(i => IsBegin(data[i].Span))];
        if (starts.Count != frames || starts[0] != 0)
            throw new InvalidImageException(file, $"has {data.Count} fragments for {frames} frame(s), and nothing says which belong together. Export it again from its source.");
        return [.. starts.Select((start, i) => Joined(data[start..(i + 1 < starts.Count ? starts[i + 1] : data.Count)]))];
    }

    /// <summary>Offsets are those of the fragments' items, from the first one's on.</summary>
    private static List<int>? ByTable(ReadOnlyMemory<byte> table, List<ReadOnlyMemory<byte>> data, int frames)
    {
        if (table.Length != 4L * frames)
            return null;
        var (at, offset) = (new Dictionary<long, int>(), 0L);
        for (var i = 0; i < data.Count; offset += 8 + data[i++].Length)
            at[offset] = i;
        var starts = new List<int>();
        for (var i = 0; i < frames; i++)
            if (at.TryGetValue(BinaryPrimitives.ReadUInt32LittleEndian(table.Span[(4 * i)..]), out var start) && start >= starts.Count && (i == 0 || start > starts[^1]))
                starts.Add(start);
            else
                return null;
        return starts;
    }

    /// <summary>Start of image of JPEG and JPEG-LS (ISO 10918-1), start of codestream of JPEG 2000 (ISO 15444-1).</summary>
    private static bool IsBegin(ReadOnlySpan<byte> fragment) => fragment is [0xFF, 0xD8, ..] or [0xFF, 0x4F, 0xFF, 0x51, ..];

    private static ReadOnlyMemory<byte> Joined(List<ReadOnlyMemory<byte>> fragments)
    {
        if (fragments is [var only])
            return only;
        var (all, at) = (new byte[fragments.Sum(fragment => (long)fragment.Length)], 0);
        foreach (var fragment in fragments)
        {
            fragment.CopyTo(all.AsMemory(at));
            at += fragment.Length;
        }
        return all;
    }
}
