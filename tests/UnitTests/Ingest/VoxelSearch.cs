using System.IO.Compression;
using VerSemi.Imaging.Nifti;

namespace VerSemi.UnitTests.Ingest;

/// <summary>Looks for voxels in every file below folders, compressed or not, whatever the file's name.</summary>
internal static class VoxelSearch
{
    /// <summary>The bytes of a file's voxels as NIfTI has them, behind the header.</summary>
    public static byte[] VoxelsOf(string file)
    {
        var plain = Plain(file);
        return plain[(int)BitConverter.ToSingle(plain, 108)..];
    }

    /// <summary>Files that hold these voxels.</summary>
    public static List<string> Holders(byte[] voxels, params string[] folders)
    {
        Assert.True(voxels.Length > 100 && NiftiFile.PeekSize(new MemoryStream(voxels)) is null);
        return [.. folders.Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            .Where(file => new FileInfo(file).Length > 0 && Plain(file).AsSpan().IndexOf(voxels) >= 0).Order(StringComparer.Ordinal)];
    }

    private static byte[] Plain(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        if (bytes.Length < 2 || bytes.GetBuffer() is not [0x1F, 0x8B, ..])
            return bytes.ToArray();
        bytes.Position = 0;
        using var unzip = new GZipStream(bytes, CompressionMode.Decompress);
        var plain = new MemoryStream();
        unzip.CopyTo(plain);
        return plain.ToArray();
    }
}
