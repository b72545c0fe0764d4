using VerSemi.Imaging;
using VerSemi.Imaging.Dicom;
using VerSemi.Imaging.Dicom.Labels;
using VerSemi.Imaging.Dicom.Pixels;
using VerSemi.Imaging.Dicom.Series;
using VerSemi.TestKit.Dicom;

namespace VerSemi.UnitTests.Imaging.Dicom;

/// <summary>Files that were damaged at random are read or refused, in bounded time and memory. VERSEMI_MUTATED_DICOM says how many (default 1000), VERSEMI_SEED which.</summary>
public sealed class MutatedDicomTests
{
    /// <summary>Tables of a decoder, and objects of small elements.</summary>
    private const long BytesForAnyFile = 32 << 20;

    private static readonly TimeSpan LongestFile = TimeSpan.FromSeconds(10);

    private static int Count => int.Parse(Environment.GetEnvironmentVariable("VERSEMI_MUTATED_DICOM") ?? "1000");
    private static int Seed => int.Parse(Environment.GetEnvironmentVariable("VERSEMI_SEED") ?? "1");

    [Fact]
    public void Every_damaged_file_is_read_or_refused_with_a_reason()
    {
        var whole = Files();
        var (read, refused) = (0, 0);
        for (var i = 0; i < Count; i++)
        {
            var bytes = new DicomMutator(unchecked(Seed * 7919 + i)).Mutate(whole[i % whole.Count]);
            var (before, begun) = (GC.GetAllocatedBytesForCurrentThread(), System.Diagnostics.Stopwatch.GetTimestamp());
            try
            {
                EntryReader.Read(DicomFile.ReadHeader(new MemoryStream(bytes), "a"));
                var pixels = DicomPixels.Of(DicomFile.Parse(bytes, "a", isWhole: true, headerOnly: false));
                for (var frame = 0; frame < Math.Min(4, pixels.Format.Frames); frame++)
                    pixels.Frame(frame);
                read++;
            }
            catch (InvalidImageException e)
            {
                Assert.DoesNotContain("Doe", e.Message, StringComparison.Ordinal);
                refused++;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Assert.Fail($"seed {Seed}, file {i}: {e}");
            }
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < BytesForAnyFile + 200L * bytes.Length, $"seed {Seed}, file {i}: {GC.GetAllocatedBytesForCurrentThread() - before} bytes for {bytes.Length}");
            Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(begun) < LongestFile, $"seed {Seed}, file {i}");
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{read} read, {refused} refused, seed {Seed}");
        Assert.True(read > 0 && refused > 0, $"{read} read, {refused} refused");
    }

    [Fact]
    public void Every_damaged_label_is_read_or_refused_with_a_reason()
    {
        var phantom = new DicomPhantom();
        var slices = Enumerable.Range(0, 6).Select(k => EntryReader.Read(DicomFile.Parse(phantom.Bytes(k), $"{k}", isWhole: true, headerOnly: false)));
        var volume = Assert.Single(Assert.Single(SeriesAssembler.Assemble(slices, 2, _ => "")).Volumes);
        var mask = new Dictionary<string, byte[]> { ["Liver"] = [.. phantom.Pixels.Select((_, i) => (byte)(i % 3))] };
        (double, double)[] square = [(1, 1), (8, 1), (8, 8), (1, 8)];
        var whole = new[] { "BINARY", "FRACTIONAL", "LABELMAP" }.Select(type => LabelPhantoms.Seg(phantom, type, mask))
            .Append(LabelPhantoms.StructureSet(phantom, new Dictionary<string, (double, (double, double)[])[]> { ["Liver"] = [(1, square), (2, square)] })).ToList();
        var (read, refused) = (0, 0);
        for (var i = 0; i < Count; i++)
            try
            {
                var file = DicomFile.Parse(new DicomMutator(unchecked(Seed * 104_729 + i)).Mutate(whole[i % whole.Count]), "a", isWhole: true, headerOnly: false);
                var map = new LabelMap(volume);
                if (EntryReader.Read(file).Kind == DicomKind.StructureSet)
                    StructureSetReader.Read(file, new Dictionary<string, ushort> { ["Liver"] = 1 }, map);
                else
                    SegmentationReader.Read(file, new Dictionary<string, ushort> { ["Liver"] = 1 }, map);
                read++;
            }
            catch (InvalidImageException)
            {
                refused++;
            }
        Assert.True(read > 0 && refused > 0, $"{read} read, {refused} refused");
    }

    /// <summary>Phantoms in every encoding, and pydicom's samples where they are installed.</summary>
    private static List<byte[]> Files()
    {
        var files = Enum.GetValues<DicomEncoding>().SelectMany(encoding => new[] { false, true }.Select(undefined => new DicomPhantom { Encoding = encoding, UndefinedLengths = undefined }.Bytes(1))).ToList();
        if (Directory.Exists(DicomTools.PydicomFiles))
            files.AddRange(new[] { "MR_small_jp2klossless.dcm", "MR_small_jpeg_ls_lossless.dcm", "JPEG2000.dcm", "liver_1frame.dcm", "rtstruct.dcm", "nested_priv_SQ.dcm" }
                .Select(name => Path.Combine(DicomTools.PydicomFiles, name)).Where(File.Exists).Select(File.ReadAllBytes).Where(bytes => bytes.Length < 1 << 20));
        return files;
    }
}
