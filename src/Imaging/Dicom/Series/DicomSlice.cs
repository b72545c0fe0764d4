namespace VerSemi.Imaging.Dicom.Series;

/// <summary>One slice of a body: a file, or a frame of one. Holds nothing that names a person but the UIDs, which are needed for the way back.</summary>
/// <param name="File">As the caller named it.</param>
/// <param name="Frame">Counted from 0.</param>
public sealed record DicomSlice(string File, int Frame)
{
    public required string SopClass { get; init; }
    public required string SopInstance { get; init; }

    /// <summary>Of the first voxel's centre, LPS millimetres.</summary>
    public required Vector3D Position { get; init; }

    /// <summary>Direction in which the column index grows, and that in which the row index grows.</summary>
    public required Vector3D AlongRow { get; init; }
    public required Vector3D AlongColumn { get; init; }

    /// <summary>Millimetres between the centres of neighbouring rows, and of neighbouring columns.</summary>
    public required double RowSpacing { get; init; }
    public required double ColumnSpacing { get; init; }
    public required int Rows { get; init; }
    public required int Columns { get; init; }
    public double Slope { get; init; } = 1;
    public double Intercept { get; init; }

    /// <summary>Stored values from the one to the other are no part of the image (PS3.3 section C.7.5.1.1.2).</summary>
    public (long From, long To)? Padding { get; init; }

    /// <summary>What may tell slices of one place apart, in the order in which it is tried: name and value.</summary>
    public IReadOnlyList<(string Name, string Value)> Marks { get; init; } = [];

    public double? Thickness { get; init; }
    public bool IsMonochrome1 { get; init; }

    public Vector3D Normal => AlongRow.Cross(AlongColumn);
}
