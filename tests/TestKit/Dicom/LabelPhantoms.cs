namespace VerSemi.TestKit.Dicom;

/// <summary>Segmentations and structure sets of a phantom, written independently of the readers that they test.</summary>
public static class LabelPhantoms
{
    /// <summary>BINARY (1 bit), FRACTIONAL or LABELMAP (8 bits); a frame for each segment and slice, in no order.</summary>
    /// <param name="masks">By segment name, in the order of the phantom's pixels; 0 is outside. Fractional: the value of 255.</param>
    public static byte[] Seg(DicomPhantom phantom, string type, IReadOnlyDictionary<string, byte[]> masks, bool references = true)
    {
        var (count, names) = (phantom.Columns * phantom.Rows, masks.Keys.ToList());
        var frames = new List<(int Segment, int Slice, byte[] Pixels)>();
        for (var k = phantom.Slices - 1; k >= 0; k--)
            if (type == "LABELMAP")
                frames.Add((0, k, [.. Enumerable.Range(k * count, count).Select(i => (byte)(names.FindIndex(name => masks[name][i] != 0) + 1))]));
            else
                frames.AddRange(names.Select((name, n) => (n + 1, k, masks[name][(k * count)..((k + 1) * count)])));
        var bits = type == "BINARY" ? 1 : 8;
        var pixels = frames.SelectMany(frame => frame.Pixels).ToArray();
        var file = Common(phantom, type == "LABELMAP" ? "1.2.840.10008.5.1.4.1.1.66.7" : "1.2.840.10008.5.1.4.1.1.66.4", "SEG")
            .Set(0x00280002, "US", new ushort[] { 1 }).Text(0x00280004, "CS", "MONOCHROME2").Text(0x00280008, "IS", frames.Count).Set(0x00280010, "US", new[] { (ushort)phantom.Rows })
            .Set(0x00280011, "US", new[] { (ushort)phantom.Columns }).Set(0x00280100, "US", new[] { (ushort)bits }).Set(0x00280101, "US", new[] { (ushort)bits }).Set(0x00280102, "US", new[] { (ushort)(bits - 1) })
            .Set(0x00280103, "US", new ushort[] { 0 }).Text(0x00620001, "CS", type).Set(0x0062000E, "US", new ushort[] { 255 })
            .Items(0x00620002, [.. names.Select((name, n) => new DicomBytes().Set(0x00620004, "US", new[] { (ushort)(n + 1) }).Text(0x00620005, "LO", name))])
            .Items(0x52009229, new DicomBytes().Items(0x00209116, new DicomBytes().Text(0x00200037, "DS", [.. phantom.Cosines.Cast<object>()]))
                .Items(0x00289110, new DicomBytes().Text(0x00280030, "DS", phantom.RowSpacing, phantom.ColumnSpacing)))
            .Items(0x52009230, [.. frames.Select(frame => new DicomBytes().Items(0x00209113, new DicomBytes().Text(0x00200032, "DS", [.. Enumerable.Range(0, 3).Select(i => (object)(phantom.Origin[i] + frame.Slice * phantom.Step[i]))]))
                .Items(0x0062000A, new DicomBytes().Set(0x0062000B, "US", new[] { (ushort)frame.Segment })))])
            .Set(0x7FE00010, "OB", bits == 1 ? Packed(pixels) : pixels);
        if (references)
            file.Items(0x00081115, new DicomBytes().Text(0x0020000E, "UI", phantom.Series).Items(0x0008114A, [.. Enumerable.Range(0, phantom.Slices).Select(k => new DicomBytes().Text(0x00081150, "UI", DicomPhantom.Ct).Text(0x00081155, "UI", phantom.InstanceOf(k)))]));
        return file.File(DicomEncoding.ExplicitLittle);
    }

    /// <param name="contours">By ROI: slice, and points as column and row.</param>
    public static byte[] StructureSet(DicomPhantom phantom, IReadOnlyDictionary<string, (double Slice, (double X, double Y)[] Points)[]> contours)
    {
        var names = contours.Keys.ToList();
        return Common(phantom, "1.2.840.10008.5.1.4.1.1.481.3", "RTSTRUCT")
            .Items(0x30060010, new DicomBytes().Text(0x00200052, "UI", phantom.FrameOfReference).Items(0x30060012, new DicomBytes().Items(0x30060014, new DicomBytes().Text(0x0020000E, "UI", phantom.Series))))
            .Items(0x30060020, [.. names.Append("Planned only").Select((name, n) => new DicomBytes().Text(0x30060022, "IS", n + 1).Text(0x30060024, "UI", phantom.FrameOfReference).Text(0x30060026, "LO", name))])
            .Items(0x30060039, [.. names.Select((name, n) => new DicomBytes().Text(0x30060084, "IS", n + 1).Items(0x30060040, [.. contours[name].Select(contour =>
                new DicomBytes().Text(0x30060042, "CS", "CLOSED_PLANAR").Text(0x30060046, "IS", contour.Points.Length).Text(0x30060050, "DS", [.. contour.Points.SelectMany(point => Place(phantom, point, contour.Slice))]))]))])
            .File(DicomEncoding.ImplicitLittle);
    }

    private static object[] Place(DicomPhantom phantom, (double X, double Y) point, double slice) => [.. Enumerable.Range(0, 3).Select(i =>
        (object)Math.Round(phantom.Origin[i] + phantom.Cosines[i] * phantom.ColumnSpacing * point.X + phantom.Cosines[3 + i] * phantom.RowSpacing * point.Y + slice * phantom.Step[i], 6))];

    private static DicomBytes Common(DicomPhantom phantom, string sop, string modality) => new DicomBytes().Text(0x00080005, "CS", "ISO_IR 100").Text(0x00080016, "UI", sop)
        .Text(0x00080018, "UI", $"{phantom.Series}.{modality.Length}000").Text(0x00080060, "CS", modality).Text(0x00100010, "PN", phantom.Name).Text(0x00100020, "LO", phantom.Patient)
        .Text(0x0020000D, "UI", phantom.Study).Text(0x0020000E, "UI", $"{phantom.Series}.99").Text(0x00200052, "UI", phantom.FrameOfReference);

    private static byte[] Packed(byte[] pixels)
    {
        var bytes = new byte[(pixels.Length + 7) / 8];
        for (var i = 0; i < pixels.Length; i++)
            bytes[i / 8] |= (byte)(pixels[i] != 0 ? 1 << i % 8 : 0);
        return bytes;
    }
}
