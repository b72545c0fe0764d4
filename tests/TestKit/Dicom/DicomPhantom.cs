using VerSemi.Imaging.Geometry;

namespace VerSemi.TestKit.Dicom;

/// <summary>A volume written as a series, one file a slice; a test spoils single files by <see cref="Edit"/>.</summary>
public sealed class DicomPhantom
{
    public const string Ct = "1.2.840.10008.5.1.4.1.1.2", Mr = "1.2.840.10008.5.1.4.1.1.4";

    private readonly int _seed;

    public DicomPhantom(int columns = 12, int rows = 10, int slices = 6, int seed = 1)
    {
        _seed = seed;
        (Columns, Rows, Slices) = (columns, rows, slices);
        var random = new Random(seed);
        Pixels = [.. Enumerable.Range(0, columns * rows * slices).Select(i => (short)(random.Next(0, 60) + (i % columns > columns / 2 ? 1000 : 0)))];
    }

    public int Columns { get; }
    public int Rows { get; }
    public int Slices { get; }

    /// <summary>Stored values; column fastest, then row, then slice.</summary>
    public short[] Pixels { get; }
    public DicomEncoding Encoding { get; init; } = DicomEncoding.ExplicitLittle;
    public string Modality { get; init; } = "CT";
    public string Patient { get; init; } = "P-4711";
    public string Name { get; init; } = "Doe^Jane";
    public double Slope { get; init; } = 1;
    public double Intercept { get; init; } = -1024;
    public double RowSpacing { get; init; } = 1.5;
    public double ColumnSpacing { get; init; } = 0.75;

    /// <summary>LPS: the first voxel, the steps of column and row index as direction cosines, and the step of a slice in millimetres.</summary>
    public double[] Origin { get; init; } = [-20, -30, 40];
    public double[] Cosines { get; init; } = [1, 0, 0, 0, 1, 0];
    public double[] Step { get; init; } = [0, 0, 2.5];
    public bool UndefinedLengths { get; init; }

    /// <summary>Changes the file of a slice before it is written.</summary>
    public Action<int, DicomBytes> Edit { get; init; } = (_, _) => { };

    public string Study => $"1.2.826.0.1.3680043.9.9.{_seed}";
    public string Series => $"{Study}.2";
    public string FrameOfReference => $"{Study}.3";
    public string InstanceOf(int slice) => $"{Series}.{slice + 1}";

    /// <summary>What the series is: RAS, rescaled.</summary>
    public Volume<float> Volume => new(Grid, [.. Pixels.Select(value => (float)(value * Slope + Intercept))]);

    public Grid Grid => new(new Size3(Columns, Rows, Slices), Affine.FromColumns(
    [
        (-Cosines[0] * ColumnSpacing, -Cosines[1] * ColumnSpacing, Cosines[2] * ColumnSpacing),
        (-Cosines[3] * RowSpacing, -Cosines[4] * RowSpacing, Cosines[5] * RowSpacing),
        (-Step[0], -Step[1], Step[2]), (-Origin[0], -Origin[1], Origin[2]),
    ]));

    /// <summary>Names say nothing about the order.</summary>
    public DicomPhantom WriteTo(string folder)
    {
        Directory.CreateDirectory(folder);
        for (var k = 0; k < Slices; k++)
            File.WriteAllBytes(Path.Combine(folder, NameOf(k)), Bytes(k));
        return this;
    }

    public static string NameOf(int slice) => $"IM{(slice * 7 + 3) % 101:000}";

    public byte[] Bytes(int slice) => Slice(slice).File(Encoding);

    public DicomBytes Slice(int k)
    {
        var file = Header(k);
        var pixels = Pixels.AsSpan(k * Columns * Rows, Columns * Rows);
        file.Set(0x7FE00010, Encoding is DicomEncoding.Rle or DicomEncoding.JpegLossless ? "OB" : "OW", Encoding switch
        {
            DicomEncoding.Rle => new List<byte[]> { PixelEncoders.Rle(pixels) },
            DicomEncoding.JpegLossless => new List<byte[]> { PixelEncoders.JpegLossless(pixels, Columns) },
            DicomEncoding.ExplicitBig => PixelEncoders.Big(pixels),
            _ => PixelEncoders.Little(pixels),
        });
        Edit(k, file);
        return file;
    }

    private DicomBytes Header(int k) => new DicomBytes { UndefinedLengths = UndefinedLengths }
        .Text(0x00080005, "CS", "ISO_IR 100").Text(0x00080008, "CS", "ORIGINAL", "PRIMARY", "AXIAL").Text(0x00080016, "UI", Modality == "CT" ? Ct : Mr).Text(0x00080018, "UI", InstanceOf(k))
        .Text(0x00080020, "DA", "20240305").Text(0x00080030, "TM", "101112").Text(0x00080050, "SH", "ACC-99").Text(0x00080060, "CS", Modality).Text(0x00080070, "LO", "Phantom Works")
        .Text(0x00080090, "PN", "Refer^Rita").Text(0x0008103E, "LO", "Thorax").Text(0x00100010, "PN", Name).Text(0x00100020, "LO", Patient).Text(0x00100030, "DA", "19500102").Text(0x00100040, "CS", "F")
        .Items(0x00082112, new DicomBytes().Text(0x00081150, "UI", Ct).Text(0x00081155, "UI", "1.2.3.4"), new DicomBytes())
        .Text(0x00091001, "LO", "private").Set(0x00091002, "UN", new byte[] { 1, 2, 3, 4 }).Text(0x00180050, "DS", 2.5).Text(0x00180060, "DS", 120)
        .Text(0x0020000D, "UI", Study).Text(0x0020000E, "UI", Series).Text(0x00200010, "SH", "S1").Text(0x00200011, "IS", 4).Text(0x00200012, "IS", 1).Text(0x00200013, "IS", Slices - k)
        .Text(0x00200032, "DS", [.. Enumerable.Range(0, 3).Select(i => (object)(Origin[i] + k * Step[i]))]).Text(0x00200037, "DS", [.. Cosines.Select(value => (object)value)])
        .Text(0x00200052, "UI", FrameOfReference).Text(0x00201040, "LO", "")
        .Set(0x00280002, "US", new ushort[] { 1 }).Text(0x00280004, "CS", "MONOCHROME2").Set(0x00280010, "US", new[] { (ushort)Rows }).Set(0x00280011, "US", new[] { (ushort)Columns })
        .Text(0x00280030, "DS", RowSpacing, ColumnSpacing).Set(0x00280100, "US", new ushort[] { 16 }).Set(0x00280101, "US", new ushort[] { 16 }).Set(0x00280102, "US", new ushort[] { 15 })
        .Set(0x00280103, "US", new ushort[] { 1 }).Text(0x00281052, "DS", Intercept).Text(0x00281053, "DS", Slope);
}
