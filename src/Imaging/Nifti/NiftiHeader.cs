using VerSemi.Imaging.Checks;
using VerSemi.Imaging.Geometry;

namespace VerSemi.Imaging.Nifti;

/// <summary>What a reader needs of a header.</summary>
/// <param name="Grid">By the sform where its code is set, else by the qform, else by the voxel sizes.</param>
/// <param name="Second">By the qform, where both codes are set and the two forms lie apart; null otherwise.</param>
/// <param name="Channels">1 for a 3-D file.</param>
/// <param name="DataType">NIfTI's name of it, e.g. "int16".</param>
/// <param name="Findings">What is wrong or unusual about the geometry.</param>
public sealed record NiftiHeader(Grid Grid, Grid? Second, int Channels, string DataType, Placement Placement, IReadOnlyList<Finding> Findings);
