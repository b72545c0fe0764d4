using VerSemi.Domain.Weights;
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
    /// <param name="stream">At its beginning; with a length and a position.</param>
    public static (Dictionary<string, Tensor> Tensors, IReadOnlyDictionary<string, string> Metadata) Read(Stream stream, string name)
    {
        var header = SafetensorsFormat.ReadHeader(stream, name, stream.Length);
        var (entries, metadata) = SafetensorsFormat.Parse(header, name, stream.Length - stream.Position);
        var tensors = new Dictionary<string, Tensor>();
        foreach (var entry in entries)
        {
            var tensor = empty(entry.Shape, Types[entry.Type]);
            stream.ReadExactly(tensor.bytes);
            tensors.Add(entry.Name, tensor);
        }
        return (tensors, metadata);
    }

    private static string NameOf(Tensor tensor) => Types.FirstOrDefault(type => type.Value == tensor.dtype).Key
        ?? throw new NotSupportedException($"Tensors of type {tensor.dtype} have no place in a safetensors file.");

    private static int BytesOf(Tensor tensor) => SafetensorsFormat.Types[NameOf(tensor)];

    private static readonly Dictionary<string, ScalarType> Types = new()
    {
        ["F64"] = ScalarType.Float64,
        ["F32"] = ScalarType.Float32,
        ["F16"] = ScalarType.Float16,
        ["BF16"] = ScalarType.BFloat16,
        ["I64"] = ScalarType.Int64,
        ["I32"] = ScalarType.Int32,
        ["I16"] = ScalarType.Int16,
        ["I8"] = ScalarType.Int8,
        ["U8"] = ScalarType.Byte,
        ["BOOL"] = ScalarType.Bool,
    };
}
