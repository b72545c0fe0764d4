using System.IO.Compression;
using System.Runtime.InteropServices;
using VerSemi.Imaging.Geometry;

namespace VerSemi.Imaging.Nifti;

/// <summary>
/// Little-endian, one file. The bytes are a function of placement and voxels alone (no time, no name, also not in the gzip
/// header), because datasets know a file by its hash. The file appears whole or not at all.
/// </summary>
internal static class NiftiWriter
{
    private const int ChunkVoxels = 1 << 16;

    public static void Write(string path, Volume<float> volume, Placement? placement) =>
        Write(path, HeaderBytes.Of(volume.Grid, NiftiDataType.Float32, "", placement), stream => WriteChunks<float, float>(stream, volume.Voxels, (from, to) => from.CopyTo(to)));

    public static void Write(string path, Volume<ushort> labels, string description, Placement? placement)
    {
        if (labels.Voxels.AsSpan().ContainsAnyExceptInRange(byte.MinValue, byte.MaxValue))
            Write(path, HeaderBytes.Of(labels.Grid, NiftiDataType.UInt16, description, placement), stream => WriteChunks<ushort, ushort>(stream, labels.Voxels, (from, to) => from.CopyTo(to)));
        else
            Write(path, HeaderBytes.Of(labels.Grid, NiftiDataType.UInt8, description, placement), stream => WriteChunks<ushort, byte>(stream, labels.Voxels, Narrow));
    }

    private delegate void Conversion<TFrom, TTo>(ReadOnlySpan<TFrom> from, Span<TTo> to);

    private static void Narrow(ReadOnlySpan<ushort> from, Span<byte> to)
    {
        for (var i = 0; i < from.Length; i++)
            to[i] = (byte)from[i];
    }

    private static void Write(string path, byte[] header, Action<Stream> writeVoxels)
    {
        var partial = path + ".partial";
        try
        {
            using (var stream = Create(partial, compress: path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)))
            {
                stream.Write(header);
                writeVoxels(stream);
            }
            File.Move(partial, path, overwrite: true);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }

    private static Stream Create(string path, bool compress)
    {
        var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
        return compress ? new GZipStream(file, CompressionLevel.Optimal) : file;
    }

    private static void WriteChunks<TFrom, TTo>(Stream stream, TFrom[] voxels, Conversion<TFrom, TTo> convert) where TTo : unmanaged
    {
        var chunk = new TTo[ChunkVoxels];
        for (var first = 0; first < voxels.Length; first += ChunkVoxels)
        {
            var count = Math.Min(ChunkVoxels, voxels.Length - first);
            convert(voxels.AsSpan(first, count), chunk.AsSpan(0, count));
            stream.Write(MemoryMarshal.AsBytes(chunk.AsSpan(0, count)));
        }
    }
}
