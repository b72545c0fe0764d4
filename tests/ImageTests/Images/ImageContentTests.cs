using System.Reflection.PortableExecutable;
using VerSemi.ImageTests.Building;
using VerSemi.TestKit;

namespace VerSemi.ImageTests.Images;

/// <summary>What lies in an image, and that nothing else does. The sizes are those of docs/benchmarks.md.</summary>
public sealed class ImageContentTests(BuiltImages images)
{
    private const long MiB = 1 << 20;

    public static TheoryData<string> Projects => [.. BuiltImages.Projects];

    [Theory]
    [InlineData("Orchestrator", false)]
    [InlineData("Ingest", false)]
    [InlineData("GpuTrainer", true)]
    public async Task Libtorch_is_in_the_trainer_alone(string project, bool expected)
    {
        var files = (await (await images.OfAsync(project)).ProgramFilesAsync()).Keys;
        Assert.Contains($"VerSemi.{project}.dll", files);
        Assert.Equal(expected, files.Any(file => file.Contains("torch", StringComparison.OrdinalIgnoreCase)));
        Assert.Equal(expected, files.Contains("libtorch_cpu.so"));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public async Task Every_file_is_for_this_platform(string project)
    {
        var files = (await (await images.OfAsync(project)).ProgramFilesAsync()).Keys;
        Assert.DoesNotContain(files, file => file.EndsWith(".dylib", StringComparison.Ordinal) || file.StartsWith("runtimes/", StringComparison.Ordinal) || file.EndsWith(".xml", StringComparison.Ordinal));
        Assert.DoesNotContain(files, file => file.StartsWith("libtorch_python", StringComparison.Ordinal) || Path.GetFileName(file).Contains("_test", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Orchestrator", 95)]
    [InlineData("Ingest", 55)]
    [InlineData("GpuTrainer", 520)]
    public async Task The_program_is_no_larger_than_it_must_be(string project, int mostMiB)
    {
        var image = await images.OfAsync(project);
        var program = (await image.ProgramFilesAsync()).Values.Sum();
        TestContext.Current.TestOutputHelper!.WriteLine($"{project}: program {program / MiB} MiB, image {image.Bytes / MiB} MiB");
        Assert.InRange(program, 1, mostMiB * MiB);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public async Task Its_code_is_compiled_ahead(string project)
    {
        var image = await images.OfAsync(project);
        foreach (var assembly in new[] { $"VerSemi.{project}.dll", "VerSemi.Platform.dll", "MassTransit.dll" })
            Assert.True(await image.ReadAsync(assembly, IsReadyToRun), assembly);
    }

    [Fact]
    public async Task A_build_sees_the_sources_alone()
    {
        using var folder = new TempFolder();
        var dockerfile = folder["Dockerfile"];
        await File.WriteAllTextAsync(dockerfile, "FROM scratch\nCOPY . /app/\n", TestContext.Current.CancellationToken);

        var files = (await (await BuiltImages.BuildAsync("Context", dockerfile)).ProgramFilesAsync()).Keys;

        Assert.Contains("src/Ingest/Ingest.csproj", files);
        Assert.Contains("src/Ingest/packages.lock.json", files);
        Assert.Contains("Directory.Packages.props", files);
        Assert.DoesNotContain(files, file => file.Split('/').Intersect(["bin", "obj", ".git", "tests", "docs", "versemi-data", ".artifacts", "Dockerfile"]).Any());
    }

    private static bool IsReadyToRun(Stream assembly)
    {
        using var reader = new PEReader(assembly);
        return reader.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size > 0;
    }
}
