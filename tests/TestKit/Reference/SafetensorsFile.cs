using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace VerSemi.TestKit.Reference;

/// <summary>Writes float32 tensors as Python's safetensors does, apart from the product's own writer.</summary>
public static class SafetensorsFile
{
    public static string Write(string path, IEnumerable<(string Name, int[] Shape, float[] Values)> tensors)
    {
        var (header, end) = (new Dictionary<string, object>(), 0);
        using var data = new MemoryStream();
        foreach (var (name, shape, values) in tensors)
        {
            header.Add(name, new { dtype = "F32", shape, data_offsets = new[] { end, end += 4 * values.Length } });
            data.Write(MemoryMarshal.AsBytes(values.AsSpan()));
        }
        var json = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(header));
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        File.WriteAllBytes(path, [.. length, .. json, .. data.ToArray()]);
        return path;
    }
}
