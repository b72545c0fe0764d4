using VerSemi.Imaging.Geometry;

namespace VerSemi.Imaging.Nifti;

/// <summary>NIfTI-1 and NIfTI-2, .nii and .nii.gz. Every fault of a file is an <see cref="InvalidImageException"/>.</summary>
public static class NiftiFile
{
    /// <summary>Reads and checks the header; no voxel is read and nothing of their size is allocated.</summary>
    public static NiftiHeader ReadHeader(string path) => throw new NotImplementedException();

    /// <summary>Real values (scl_slope and scl_inter applied). NaN voxels stay NaN.</summary>
    /// <param name="channel">For a 4-D file whose dataset declares channels; null: the file must have three dimensions.</param>
    public static Volume<float> ReadImage(string path, int? channel = null) => throw new NotImplementedException();

    /// <summary>Integer labels, 0…65535; refuses a voxel that is further than 1e-3 from one, naming it and its value.</summary>
    public static Volume<ushort> ReadLabel(string path) => throw new NotImplementedException();

    /// <summary>Writes float32; sform and qform alike; gzip where the name ends in .gz. Nothing of an original header that could name a person.</summary>
    public static void Write(string path, Volume<float> volume) => throw new NotImplementedException();

    /// <summary>Writes the smallest integer type that holds the labels.</summary>
    public static void Write(string path, Volume<ushort> labels) => throw new NotImplementedException();
}

/// <summary>What a reader needs of a header.</summary>
/// <param name="Channels">1 for a 3-D file.</param>
/// <param name="DataType">NIfTI's name of it, e.g. "int16".</param>
public sealed record NiftiHeader(Grid Grid, int Channels, string DataType);
