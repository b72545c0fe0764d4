using VerSemi.TestKit;

namespace VerSemi.ManifestTests.Azure;

public sealed class BicepTests
{
    public static TheoryData<string> Environments() => [.. Bicep.Environments];

    [Fact]
    public async Task Every_file_is_compiled_without_a_warning()
    {
        foreach (var file in Directory.EnumerateFiles(Bicep.Infra, "*.bicep", SearchOption.AllDirectories))
            Assert.NotNull(await Bicep.TemplateAsync(Path.ChangeExtension(Path.GetRelativePath(Bicep.Infra, file), null)));
    }

    [Fact]
    public async Task The_linter_finds_nothing_in_any_file() => Assert.Empty(await Bicep.SayingsAsync("lint", "--pattern", "**/*.bicep"));

    [Theory]
    [MemberData(nameof(Environments))]
    public async Task Each_parameter_set_fits_the_template(string environment)
    {
        using var folder = new TempFolder();
        Assert.Empty(await Bicep.SayingsAsync("build-params", $"environments/{environment}.bicepparam", "--outfile", folder["parameters.json"]));
    }

    [Fact]
    public void There_is_a_parameter_set_to_try_it_and_one_for_production() => Assert.Equal(["dev", "prod"], Bicep.Environments);

    [Theory]
    [InlineData("param unused string", "no-unused-params")]
    [InlineData("resource store 'Microsoft.Storage/storageAccounts@2024-01-01' = {\n  name: 'x'\n  location: 'westeurope'\n  kind: 'StorageV2'\n  sku: { name: 'Standard_ZRS' }\n  properties: { allowBlobPublicAces: false }\n}", "allowBlobPublicAces")]
    public async Task A_fault_in_a_file_is_told(string content, string fault)
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["broken.bicep"], content, TestContext.Current.CancellationToken);
        File.Copy(Path.Combine(Bicep.Infra, "bicepconfig.json"), folder["bicepconfig.json"]);
        Assert.Contains(fault, await Bicep.SayingsAsync("build", folder["broken.bicep"], "--stdout"), StringComparison.Ordinal);
    }
}
