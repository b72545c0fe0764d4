using VerSemi.Imaging.Geometry;

namespace VerSemi.Imaging.Nifti;

/// <summary>What a reader needs of a header.</summary>
/// <param name="Channels">1 for a 3-D file.</param>
/// <param name="DataType">NIfTI's name of it, e.g. "int16".</param>
public sealed record NiftiHeader(Grid Grid, int Channels, string DataType);
