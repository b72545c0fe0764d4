using VerSemi.Imaging.Checks;
using VerSemi.Imaging.Nifti;
using VerSemi.TestKit;

namespace VerSemi.UnitTests.Imaging.Nifti;

/// <summary>The rule of docs/drops.md, "Geometry".</summary>
public sealed class HeaderChecksTests : IDisposable
{
    private const double Half = 0.70710678;
    private readonly TempFolder _folder = new();

    /// <summary>1 × 2 × 3 mm by sform and qform alike, 10 voxels a side.</summary>
    private static readonly RawNifti Sound = new()
    {
        Dim = [3, 10, 10, 10, 1, 1, 1, 1],
        PixDim = [1, 1, 2, 3, 1, 1, 1, 1],
        SFormCode = 1,
        QFormCode = 1,
        SRows = [1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 3, 0],
        Voxels = new double[1000],
    };

    private static readonly (string Name, RawNifti File, Severity Severity, string[] Said)[] Headers =
    [
        ("pixdim of another scan", Sound with { QFormCode = 0, PixDim = [1, 1.3, 1.3, 10, 1, 1, 1, 1], SRows = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] }, Severity.Unusable, ["1 × 1 × 1 mm", "1.3 × 1.3 × 10 mm"]),
        ("sizes a little apart", Sound with { QFormCode = 0, PixDim = [1, 1.1, 2, 3, 1, 1, 1, 1] }, Severity.Note, ["1 × 2 × 3 mm", "1.1 × 2 × 3 mm"]),
        ("sform moved", Sound with { SRows = [1, 0, 0, -25, 0, 2, 0, 0, 0, 0, 3, 0], SFormCode = 4 }, Severity.Note, ["sform (code 4, RAS)", "qform (code 1, RAS)", "25 mm apart"]),
        ("qform turned", Sound with { Quaternion = [0, 0, 1] }, Severity.Note, ["RAS", "LPS"]),
        ("left and right exchanged", Sound with { SRows = [-1, 0, 0, 9, 0, 2, 0, 0, 0, 0, 3, 0] }, Severity.Unusable, ["LAS", "RAS", "left and right"]),
        ("qfac against the sform", Sound with { PixDim = [-1, 1, 2, 3, 1, 1, 1, 1] }, Severity.Unusable, ["RAS", "RAI"]),
        ("qform that is no rotation", Sound with { Quaternion = [1, 1, 1] }, Severity.Note, ["quaternion 1, 1, 1"]),
        ("neither form", Sound with { SFormCode = 0, QFormCode = 0 }, Severity.Note, ["neither an sform nor a qform", "L, A, S"]),
        ("tilted gantry", Sound with { QFormCode = 0, SRows = [1, 0, 0, 0, 0, 2, 0.8, 0, 0, 0, 2.9, 0] }, Severity.Note, ["sheared by 15.42°"]),
        ("metres by mistake", Sound with { Units = 1 }, Severity.Implausible, ["10 × 20 × 30 m", "metres"]),
        ("50 mm", Sound with { PixDim = [1, 50, 50, 50, 1, 1, 1, 1], SRows = [50, 0, 0, 0, 0, 50, 0, 0, 0, 0, 50, 0] }, Severity.Implausible, ["500 × 500 × 500 mm", "units"]),
        ("micrometres by mistake", Sound with { Units = 3 }, Severity.Implausible, ["0.01 × 0.02 × 0.03 mm", "micrometres"]),
    ];

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Names => [.. Headers.Select(header => header.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_doubtful_geometry_is_told_with_every_value_that_disagrees(string name)
    {
        var (_, file, severity, said) = Headers.Single(header => header.Name == name);
        var findings = Find(file);
        Assert.Contains(findings, finding => finding.Severity == severity && said.All(text => finding.Text.Contains(text, StringComparison.Ordinal)));
        Assert.Equal(findings.Max(finding => finding.Severity), severity);
    }

    [Fact]
    public void A_sound_header_gives_no_finding()
    {
        Assert.Empty(Find(Sound));
        Assert.Empty(Find(Sound with { QFormCode = 0 }));
        Assert.Empty(Find(Sound with { SFormCode = 0 }));
        Assert.Empty(Find(Sound with { Units = 3, PixDim = [1, 1000, 2000, 3000, 1, 1, 1, 1], SRows = [1000, 0, 0, 0, 0, 2000, 0, 0, 0, 0, 3000, 0] }));
        Assert.Empty(Find(Sound with { PixDim = [1, 1.0001, 2, 3, 1, 1, 1, 1] }));
        Assert.Empty(Find(Sound with { Quaternion = [0, 0, Half], SRows = [0, -2, 0, 0, 1, 0, 0, 0, 0, 0, 3, 0] }));
    }

    private IReadOnlyList<Finding> Find(RawNifti file) => NiftiFile.ReadHeader(file.WriteTo(_folder["a.nii"])).Findings;
}
