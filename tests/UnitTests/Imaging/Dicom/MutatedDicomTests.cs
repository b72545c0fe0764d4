using VerSemi.Imaging;
using VerSemi.Imaging.Dicom;
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
            var bytes = Mutate(whole[i % whole.Count], new Random(unchecked(Seed * 7919 + i)));
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

    /// <summary>Phantoms in every encoding, and pydicom's samples where they are installed.</summary>
    private static List<byte[]> Files()
    {
        var files = Enum.GetValues<DicomEncoding>().SelectMany(encoding => new[] { false, true }.Select(undefined => new DicomPhantom { Encoding = encoding, UndefinedLengths = undefined }.Bytes(1))).ToList();
        if (Directory.Exists(DicomTools.PydicomFiles))
            files.AddRange(new[] { "MR_small_jp2klossless.dcm", "MR_small_jpeg_ls_lossless.dcm", "JPEG2000.dcm", "liver_1frame.dcm", "rtstruct.dcm", "nested_priv_SQ.dcm" }
                .Select(name => Path.Combine(DicomTools.PydicomFiles, name)).Where(File.Exists).Select(File.ReadAllBytes).Where(bytes => bytes.Length < 1 << 20));
        return files;
    }

    private static byte[] Mutate(byte[] whole, Random random)
    {
        var bytes = whole.ToArray();
        for (var n = random.Next(1, 5); n > 0; n--)
        {
            var at = random.Next(bytes.Length);
            switch (random.Next(6))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes.AsSpan(at, Math.Min(4, bytes.Length - at)).Fill(random.Next(2) == 0 ? (byte)0xFF : (byte)0); break;
                case 2: random.NextBytes(bytes.AsSpan(at, Math.Min(random.Next(1, 64), bytes.Length - at))); break;
                case 3: bytes = [.. bytes[..at], .. bytes[random.Next(at, bytes.Length)..]]; break;
                case 4: bytes = bytes[..Math.Max(1, at)]; break;
                default: bytes = [.. bytes[..at], .. bytes[random.Next(bytes.Length)..]]; break;
            }
        }
        return bytes;
    }
}
