using VerSemi.Domain;

namespace VerSemi.UnitTests.Domain;

public sealed class CopyOrderTests
{
    private const string Hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Fact]
    public void What_names_others_is_copied_before_what_it_names()
    {
        string[][] chains =
        [
            [BlobLayout.DropReport("drop"), BlobLayout.DatasetHead("liver"), BlobLayout.DatasetCommit("liver", 1), BlobLayout.DatasetManifest("liver", "v"), BlobLayout.Voxels("liver", Hash)],
            [BlobLayout.Cycle("main-1"), BlobLayout.Production("main"), BlobLayout.LedgerEntry("main", 1), BlobLayout.Model("main", 1) + BlobLayout.ModelFile, BlobLayout.Model("main", 1) + BlobLayout.WeightsFile],
        ];

        foreach (var chain in chains)
            Assert.Equal(Enumerable.Range(0, CopyOrder.Passes), chain.Select(CopyOrder.PassOf));
    }

    [Fact]
    public void A_training_s_result_is_copied_before_its_weights() => Assert.True(
        CopyOrder.PassOf(BlobLayout.AttemptResult("run", 1)) < CopyOrder.PassOf(BlobLayout.AttemptModel("run", 1) + BlobLayout.WeightsFile));
}
