using System.Text;
using VerSemi.Imaging;
using VerSemi.Imaging.Dicom;
using VerSemi.Imaging.Dicom.Parsing;
using VerSemi.Imaging.Dicom.Pixels;
using VerSemi.TestKit.Dicom;

namespace VerSemi.UnitTests.Imaging.Dicom;

/// <summary>Files that a writer of the test kit makes, in every encoding that PS3.5 has.</summary>
public sealed class DicomFileTests
{
    [Theory]
    [InlineData(DicomEncoding.ExplicitLittle, false)]
    [InlineData(DicomEncoding.ExplicitLittle, true)]
    [InlineData(DicomEncoding.ImplicitLittle, false)]
    [InlineData(DicomEncoding.ImplicitLittle, true)]
    [InlineData(DicomEncoding.ExplicitBig, false)]
    [InlineData(DicomEncoding.ExplicitBig, true)]
    [InlineData(DicomEncoding.Deflated, true)]
    [InlineData(DicomEncoding.Rle, false)]
    [InlineData(DicomEncoding.JpegLossless, false)]
    public void Every_encoding_gives_the_elements_and_the_pixels(DicomEncoding encoding, bool undefinedLengths)
    {
        var phantom = new DicomPhantom { Encoding = encoding, UndefinedLengths = undefinedLengths };

        var file = Parse(phantom.Bytes(2));

        Assert.Equal("Thorax", file.Data.Text(Tags.SeriesDescription));
        Assert.Equal(phantom.RowSpacing, file.Data.Numbers(Tags.PixelSpacing)[0]);
        Assert.Equal(2, file.Data.Items(Tags.SourceImageSequence).Count);
        Assert.Equal(phantom.Pixels[(2 * 120)..(3 * 120)].Select(value => (long)value), DicomPixels.Of(file).Frame(0));
    }

    [Theory]
    [InlineData(DicomEncoding.ExplicitLittle, false, false)]
    [InlineData(DicomEncoding.ImplicitLittle, false, false)]
    [InlineData(DicomEncoding.ExplicitBig, false, false)]
    [InlineData(DicomEncoding.ImplicitLittle, true, false)]
    [InlineData(DicomEncoding.ExplicitLittle, false, true)]
    public void A_file_without_preamble_or_meta_information_is_read_by_what_it_looks_like(DicomEncoding encoding, bool preamble, bool meta)
    {
        var file = Parse(new DicomPhantom { Encoding = encoding }.Slice(0).File(encoding, preamble, meta));

        Assert.Equal(encoding == DicomEncoding.ExplicitBig, file.Data.BigEndian);
        Assert.Equal(10, file.Data.Whole(Tags.Rows));
        Assert.Equal(120, DicomPixels.Of(file).Frame(0).Length);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public void Every_prediction_of_JPEG_lossless_is_undone(int selection)
    {
        var phantom = new DicomPhantom { Encoding = DicomEncoding.JpegLossless };
        var file = phantom.Slice(0).Set(0x7FE00010, "OB", new List<byte[]> { PixelEncoders.JpegLossless(phantom.Pixels.AsSpan(0, 120), 12, selection) });

        Assert.Equal(phantom.Pixels[..120].Select(value => (long)value), DicomPixels.Of(Parse(file.File(DicomEncoding.JpegLossless))).Frame(0));
    }

    [Fact]
    public void A_header_alone_takes_no_more_of_the_file_than_it_has()
    {
        var bytes = new DicomPhantom(columns: 512, rows: 512, slices: 1).Bytes(0);
        var stream = new MemoryStream(bytes);

        var file = DicomFile.ReadHeader(stream, "a");

        Assert.Equal(1 << 16, stream.Position);
        Assert.Equal(bytes.Length - file.Data.Find(Tags.PixelData)!.Offset, file.Data.Find(Tags.PixelData)!.Length);
    }

    [Fact]
    public void A_header_longer_than_the_first_read_is_read_on()
    {
        var slice = new DicomPhantom().Slice(0).Set(0x00091002, "UN", new byte[300_000]);

        Assert.Equal(10, DicomFile.ReadHeader(new MemoryStream(slice.File(DicomEncoding.ExplicitLittle)), "a").Data.Whole(Tags.Rows));
    }

    [Fact]
    public void A_file_cut_off_anywhere_is_refused_with_its_name_and_place_or_read_without_pixels()
    {
        var bytes = new DicomPhantom().Bytes(0);
        for (var length = 0; length < bytes.Length; length += 7)
        {
            var thrown = Assert.Throws<InvalidImageException>(() => DicomPixels.Of(Parse(bytes[..length])).Frame(0));
            Assert.StartsWith("a: ", thrown.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Zeros_that_fill_the_last_block_of_a_file_are_passed_over() =>
        Assert.Equal(10, Parse([.. new DicomPhantom().Bytes(0), .. new byte[1000]]).Data.Whole(Tags.Rows));

    [Theory]
    [InlineData("ISO_IR 192", "Ä日", new byte[] { 0xC3, 0x84, 0xE6, 0x97, 0xA5 })]
    [InlineData("ISO_IR 100", "Ä", new byte[] { 0xC4 })]
    [InlineData("ISO_IR 144", "Ж", new byte[] { 0xB6 })]
    [InlineData("\\ISO 2022 IR 87", "山", new byte[] { 0x1B, 0x24, 0x42, 0x3B, 0x33, 0x1B, 0x28, 0x42 })]
    [InlineData("\\ISO 2022 IR 149", "김", new byte[] { 0x1B, 0x24, 0x29, 0x43, 0xB1, 0xE8 })]
    [InlineData("GB18030", "王", new byte[] { 0xCD, 0xF5 })]
    public void Texts_are_decoded_by_the_files_character_set(string set, string text, byte[] bytes)
    {
        var file = new DicomPhantom().Slice(0).Text(0x00080005, "CS", set).Set(0x0008103E, "LO", bytes).File(DicomEncoding.ExplicitLittle);

        Assert.Equal(text, Parse(file).Data.Text(Tags.SeriesDescription));
    }

    [Fact]
    public void What_is_no_DICOM_is_told_by_its_content()
    {
        foreach (var other in new[] { "{\"name\": \"x\"}", "Patient list, as text with enough letters", "\x5C\x01\0\0 NIfTI header that is a bit longer", "PK\x03\x04 an archive with some bytes" })
            Assert.False(DicomFile.IsDicom(Encoding.Latin1.GetBytes(other)), other);
        Assert.False(DicomFile.IsDicom(new byte[500]));
        Assert.True(DicomFile.IsDicom(new DicomPhantom().Bytes(0)));
    }

    [Fact]
    public void Deflated_data_may_not_inflate_without_bound()
    {
        var bomb = new DicomBytes().Text(0x00080016, "UI", "1.2").Set(0x00091002, "UN", new byte[64 << 20]).File(DicomEncoding.Deflated);

        Assert.Contains("inflates to more than", Assert.Throws<InvalidImageException>(() => Parse(bomb)).Message, StringComparison.Ordinal);
    }

    private static DicomFile Parse(byte[] bytes) => DicomFile.Parse(bytes, "a", isWhole: true, headerOnly: false);
}
