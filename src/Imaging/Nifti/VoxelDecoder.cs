using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace VerSemi.Imaging.Nifti;

/// <summary>Bytes of a file to numbers. Double holds every datatype that is read exactly, 64-bit integers above 2^53 but for their last bits.</summary>
internal static class VoxelDecoder
{
    /// <param name="raw">Whole voxels; brought into this machine's byte order in place.</param>
    public static void Decode(NiftiDataType type, Span<byte> raw, bool swapped, Span<double> values)
    {
        if (swapped)
            Swap(raw, type.Bytes);
        switch (type.Name)
        {
            case "uint8": Widen<byte>(raw, values); break;
            case "int8": Widen<sbyte>(raw, values); break;
            case "uint16": Widen<ushort>(raw, values); break;
            case "int16": Widen<short>(raw, values); break;
            case "uint32": Widen<uint>(raw, values); break;
            case "int32": Widen<int>(raw, values); break;
            case "uint64": Widen<ulong>(raw, values); break;
            case "int64": Widen<long>(raw, values); break;
            case "float32": Widen<float>(raw, values); break;
            case "float64": Widen<double>(raw, values); break;
            default: throw new InvalidOperationException($"No decoder for {type.Name}.");
        }
    }

    private static void Widen<T>(Span<byte> raw, Span<double> values) where T : unmanaged, INumber<T>
    {
        var voxels = MemoryMarshal.Cast<byte, T>(raw);
        for (var i = 0; i < voxels.Length; i++)
            values[i] = double.CreateTruncating(voxels[i]);
    }

    private static void Swap(Span<byte> raw, int bytes)
    {
        switch (bytes)
        {
            case 2: Swap(MemoryMarshal.Cast<byte, ushort>(raw)); break;
            case 4: Swap(MemoryMarshal.Cast<byte, uint>(raw)); break;
            case 8: Swap(MemoryMarshal.Cast<byte, ulong>(raw)); break;
        }
    }

    private static void Swap(Span<ushort> values) => BinaryPrimitives.ReverseEndianness(values, values);
    private static void Swap(Span<uint> values) => BinaryPrimitives.ReverseEndianness(values, values);
    private static void Swap(Span<ulong> values) => BinaryPrimitives.ReverseEndianness(values, values);
}
