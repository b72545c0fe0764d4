using System.Text.RegularExpressions;
using VerSemi.TestKit;

namespace VerSemi.EndToEndTests.CommandLine;

/// <summary>`versemi segment` and `versemi drop` on inputs from the field.</summary>
public sealed class FieldSegmentTests(PromotedFixture promoted)
{
    /// <summary>Exit codes that are right, and what standard output or error says; other images must only come to an end.</summary>
    private static readonly Dictionary<string, (int[] Codes, string Says)> Expected = new()
    {
        ["segment-4d-without-channel"] = ([0, 1, 2], "channel 0|--channel"),
        ["segment-all-nan"] = ([1], "NaN"),
        ["segment-spacing-50mm"] = ([1], "units"),
        ["segment-no-orientation"] = ([0], ""),
        ["segment-units-micron"] = ([0], ""),
        ["segment-ct-padding"] = ([0], ""),
    };

    public static TheoryData<string> Names => [.. FieldCases.Names.Where(name => name.StartsWith("segment-", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_image_from_the_field_is_segmented_or_refused_with_a_reason(string name)
    {
        Assert.SkipWhen(FieldCases.CannotRun, FieldCases.Missing ?? "");
        using var folder = new TempFolder();
        await FieldCases.MakeAsync(name, folder[name]);
        var expected = Expected.GetValueOrDefault(name, ([0, 1, 2], ""));

        var (code, output, errors) = await promoted.RunAsync("segment", Path.Combine(folder[name], "image.nii"), "-o", folder["out"]);

        Assert.True(expected.Codes.Contains(code), $"{code}: {output} {errors}");
        Assert.Matches(new Regex(expected.Says), output + errors);
        Assert.DoesNotContain("must declare", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at VerSemi", errors, StringComparison.Ordinal);
        Assert.Equal(code == 0, Directory.Exists(folder["out"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("../models")]
    [InlineData("{0}/victim")]
    public async Task A_drop_whose_name_is_no_single_folder_erases_nothing(string name)
    {
        const string field = "drop-name-erases-folders";
        Assert.SkipWhen(FieldCases.CannotRun, FieldCases.Missing ?? "");
        using var folder = new TempFolder();
        await FieldCases.MakeAsync(field, folder[field]);
        var victims = new[] { "data/incoming/Old/case.nii", "data/models/main/1/model.bin", "victim/thesis.txt" }.Select(file => Path.Combine(folder[field], file)).ToList();

        var (code, _, errors) = await VersemiProcess.RunAsync(
            ["drop", Path.Combine(folder[field], "Dataset"), "--name", string.Format(null, name, folder[field]), "--data", Path.Combine(folder[field], "data")],
            RunningPlatform.Quick, TestContext.Current.CancellationToken);

        Assert.Equal(2, code);
        Assert.NotEmpty(errors);
        Assert.All(victims, file => Assert.Equal("precious", File.ReadAllText(file)));
    }
}
