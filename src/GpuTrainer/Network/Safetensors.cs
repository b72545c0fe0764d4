using System.Buffers.Binary;
using static TorchSharp.torch;

namespace VerSemi.GpuTrainer.Network;

/// <summary>
/// Named tensors as a safetensors file: no code in it, readable from Python (`safetensors.torch.load_file`). The same
/// tensors and metadata give the same bytes: names go in ordinal order.
/// </summary>
public static class Safetensors
{
    /// <summary>Writes to <paramref name="file"/> by a temporary name beside it, so a reader never sees half of it.</summary>
    public static void Save(string file, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var unfinished = file + ".part";
        try
        {
            using (var stream = new FileStream(unfinished, FileMode.Create, FileAccess.Write))
            {
                Write(stream, tensors, metadata);
                stream.Flush(flushToDisk: true);
            }
            File.Move(unfinished, file, overwrite: true);
        }
        catch when (File.Exists(unfinished))
        {
            File.Delete(unfinished);
            throw;
        }
    }

    /// <summary>Tensors may lie on any device; one at a time is brought to the CPU.</summary>
    public static void Write(Stream stream, IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        // Wide types first keeps every tensor aligned to its own size (the reference implementation's order as well).
        var ordered = tensors.OrderByDescending(pair => BytesOf(pair.Value)).ThenBy(pair => pair.Key, StringComparer.Ordinal).ToList();
        var entries = new List<SafetensorsFormat.Entry>();
        var end = 0L;
        foreach (var (name, tensor) in ordered)
            entries.Add(new(name, NameOf(tensor), tensor.shape, end, end += tensor.numel() * BytesOf(tensor)));
        stream.Write(SafetensorsFormat.Compose(entries, metadata ?? new Dictionary<string, string>()));
        foreach (var (_, tensor) in ordered)
        {
            using var scope = NewDisposeScope();
            stream.Write(tensor.detach().cpu().contiguous().bytes);
        }
    }

    /// <summary>Everything in the file, on the CPU.</summary>
    /// <exception cref="Domain.DomainException">The file is not whole or not safetensors.</exception>
    public static (Dictionary<string, Tensor> Tensors, IReadOnlyDictionary<string, string> Metadata) Load(string file)
    {
        using var stream = File.OpenRead(file);
        return Read(stream, file);
    }

    /// <param name="name">What messages call the source.</param>
    /// <param name="stream">Seekable, at its beginning.</param>
    public static (Dictionary<string, Tensor> Tensors, IReadOnlyDictionary<string, string> Metadata) Read(Stream stream, string name)
    {
        var header = ReadHeader(stream, name);
        var (entries, metadata) = SafetensorsFormat.Parse(header, name, stream.Length - stream.Position);
        var tensors = new Dictionary<string, Tensor>();
        foreach (var entry in entries)
        {
            var tensor = empty(entry.Shape, SafetensorsFormat.Types[entry.Type].Type);
            stream.ReadExactly(tensor.bytes);
            tensors.Add(entry.Name, tensor);
        }
        return (tensors, metadata);
    }

    private static byte[] ReadHeader(Stream stream, string name)
    {
        Span<byte> prefix = stackalloc byte[SafetensorsFormat.LengthBytes];
        if (stream.ReadAtLeast(prefix, prefix.Length, throwOnEndOfStream: false) < prefix.Length)
            throw SafetensorsFormat.Refuse(name, $"it has {stream.Length} bytes, fewer than the 8 of the header's length");
        var length = BinaryPrimitives.ReadInt64LittleEndian(prefix);
        if (length is < 2 or > SafetensorsFormat.LongestHeader || length > stream.Length - stream.Position)
            throw SafetensorsFormat.Refuse(name, $"it says that its header has {(ulong)length} bytes, of {stream.Length} in the file");
        var header = new byte[length];
        stream.ReadExactly(header);
        return header;
    }

    private static string NameOf(Tensor tensor) => SafetensorsFormat.Types.FirstOrDefault(type => type.Value.Type == tensor.dtype).Key
        ?? throw new NotSupportedException($"Tensors of type {tensor.dtype} have no place in a safetensors file.");

    private static int BytesOf(Tensor tensor) => SafetensorsFormat.Types[NameOf(tensor)].Bytes;
}
