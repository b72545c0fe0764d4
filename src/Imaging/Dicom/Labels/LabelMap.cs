using VerSemi.Imaging.Dicom.Series;
using VerSemi.Imaging.Geometry;

namespace VerSemi.Imaging.Dicom.Labels;

/// <summary>A value for each voxel of a volume, filled by one or more label files. A voxel that two structures claim is counted: one map cannot hold both.</summary>
public sealed class LabelMap(DicomVolume volume)
{
    private readonly ushort[] _voxels = new ushort[volume.Grid.Size.Count];
    private readonly Dictionary<(ushort, ushort), long> _overlaps = [];
    private readonly List<string> _notes = [];

    public DicomVolume Volume => volume;
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Pairs of values with the number of voxels that both claim.</summary>
    public IReadOnlyDictionary<(ushort First, ushort Second), long> Overlaps => _overlaps;

    public Volume<ushort> Labels => new(volume.Grid, _voxels);

    internal void Mark(int voxel, ushort value)
    {
        if (_voxels[voxel] == 0 || _voxels[voxel] == value)
            _voxels[voxel] = value;
        else
            _overlaps[(_voxels[voxel], value)] = _overlaps.GetValueOrDefault((_voxels[voxel], value)) + 1;
    }

    internal void Note(string text) => _notes.Add(text);
}
