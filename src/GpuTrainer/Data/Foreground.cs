namespace VerSemi.GpuTrainer.Data;

/// <summary>Which voxel values of a dataset's labels are foreground of one task; one look-up a voxel.</summary>
public sealed class Foreground
{
    private readonly bool[] _is;

    /// <param name="values">0…65535.</param>
    public Foreground(IReadOnlyCollection<int> values)
    {
        _is = new bool[values.DefaultIfEmpty(-1).Max() + 1];
        foreach (var value in values)
            _is[value] = true;
    }

    public bool Has(ushort value) => value < _is.Length && _is[value];

    /// <summary>1 where the label is foreground.</summary>
    public byte[] MaskOf(ushort[] label) => Array.ConvertAll(label, value => Has(value) ? (byte)1 : (byte)0);
}
