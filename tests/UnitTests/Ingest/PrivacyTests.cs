using System.IO.Compression;
using System.Text;
using VerSemi.Domain;
using VerSemi.TestKit;
using VerSemi.UnitTests.Imaging.Nifti;

namespace VerSemi.UnitTests.Ingest;

public sealed class PrivacyTests
{
    private const string Person = "DOE^JANE";

    [Fact]
    public async Task Header_fields_that_name_a_person_do_not_reach_the_dataset()
    {
        using var rig = new IngestRig();
        var drop = DropFolder.Msd(rig.DropPath("d"));
        foreach (var file in new[] { "imagesTr/c00.nii.gz", "labelsTr/c00.nii.gz" })
            await File.WriteAllBytesAsync(drop[file], Gzip(WithPerson()), TestContext.Current.CancellationToken);
        Assert.Equal(5, Occurrences(WithPerson()));
        await rig.IngestAsync("d");

        var entry = (await rig.ManifestAsync("toy")).Cases.Single(c => c.Id == "c00");
        foreach (var hash in new[] { entry.Image, entry.Label! })
            Assert.Equal(0, Occurrences(Expand(Path.Combine(rig.Data, BlobLayout.Voxels("toy", hash)))));
        foreach (var file in rig.Datasets().Keys)
            Assert.Equal(0, Occurrences(await File.ReadAllBytesAsync(Path.Combine(rig.Data, "datasets", file), TestContext.Current.CancellationToken)));
    }

    /// <summary>nifti1.h: db_name at 14, descrip at 148, aux_file at 228, intent_name at 328; and an extension.</summary>
    private static byte[] WithPerson()
    {
        var name = Encoding.ASCII.GetBytes(Person);
        var bytes = new RawNifti
        {
            Dim = [3, 6, 5, 4, 1, 1, 1, 1],
            PixDim = [1, 1, 1.5, 2, 1, 1, 1, 1],
            SFormCode = 1,
            SRows = [1, 0, 0, 0, 0, 1.5, 0, 0, 0, 0, 2, 0],
            Description = Person,
            Extension = [16, 0, 0, 0, 6, 0, 0, 0, .. name],
            Voxels = new double[120],
        }.Bytes();
        foreach (var at in new[] { 14, 228, 328 })
            name.CopyTo(bytes, at);
        return bytes;
    }

    private static int Occurrences(byte[] bytes) => Encoding.Latin1.GetString(bytes).Split(Person).Length - 1;

    private static byte[] Gzip(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    private static byte[] Expand(string file)
    {
        var bytes = new MemoryStream();
        using var gzip = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        gzip.CopyTo(bytes);
        return bytes.ToArray();
    }
}
