namespace VerSemi.UnitTests.Fences;

/// <summary>docs/architecture.md, "Projects, and who may know whom".</summary>
public class FenceTests
{
    public static TheoryData<string, string[]> Allowed => new()
    {
        { "Domain", [] },
        { "Imaging", ["Domain"] },
        { "Platform", [] },
        { "DurableTask.EntityFramework", [] },
        { "Ingest", ["Domain", "Imaging", "Platform"] },
        { "GpuTrainer", ["Domain", "Imaging", "Platform"] },
        { "Orchestrator", ["Domain", "Platform"] },
        { "Cli", ["Domain", "GpuTrainer", "Imaging", "Ingest", "Orchestrator", "Platform"] },
    };

    [Theory]
    [MemberData(nameof(Allowed))]
    public void A_project_refers_to_exactly_what_the_table_says(string project, string[] references) =>
        Assert.Equal(references, Repository.Projects[project].References.Order(StringComparer.Ordinal));

    [Fact]
    public void The_table_knows_every_project() =>
        Assert.Equal(Allowed.Select(row => row.Data.Item1).Order(), Repository.Products.Select(project => project.Name).Order());

    [Fact]
    public void Domain_has_no_package() => Assert.Empty(Repository.Projects["Domain"].Packages);

    [Theory]
    [InlineData("TorchSharp", "GpuTrainer")]
    [InlineData("libtorch", "GpuTrainer")]
    [InlineData("Microsoft.EntityFrameworkCore", "Orchestrator", "DurableTask.EntityFramework")]
    [InlineData("Npgsql", "Orchestrator", "DurableTask.EntityFramework")]
    [InlineData("Microsoft.Azure.DurableTask", "DurableTask.EntityFramework")]
    [InlineData("Microsoft.DurableTask", "DurableTask.EntityFramework")]
    [InlineData("MassTransit", "Platform", "Orchestrator")]
    [InlineData("MassTransit.RabbitMQ", "Platform")]
    [InlineData("Azure", "Platform")]
    [InlineData("RabbitMQ", "Platform")]
    [InlineData("OpenTelemetry", "Platform")]
    [InlineData("SkiaSharp", "Imaging")]
    public void A_package_stays_in_its_project(string package, params string[] owners)
    {
        var holders = Repository.Products.Where(project => project.Packages.Any(name => name.StartsWith(package, StringComparison.OrdinalIgnoreCase)));

        Assert.Empty(holders.Select(project => project.Name).Except(owners));
    }

    /// <summary>A package flows on to whoever refers to its owner, so that the sources have to be read too.</summary>
    [Theory]
    [InlineData("TorchSharp", "src/GpuTrainer/")]
    [InlineData("Microsoft.EntityFrameworkCore", "src/Orchestrator/", "src/DurableTask.EntityFramework/")]
    [InlineData("DurableTask", "src/DurableTask.EntityFramework/")]
    [InlineData("Microsoft.DurableTask", "src/DurableTask.EntityFramework/")]
    [InlineData("MassTransit", "src/Platform/", "src/Orchestrator/Workflow/")]
    [InlineData("Azure", "src/Platform/")]
    [InlineData("RabbitMQ", "src/Platform/")]
    [InlineData("OpenTelemetry", "src/Platform/")]
    [InlineData("SkiaSharp", "src/Imaging/")]
    public void A_namespace_is_used_only_where_its_package_belongs(string prefix, params string[] folders)
    {
        var users = Repository.Products.SelectMany(project => project.UsesOf(prefix));

        Assert.DoesNotContain(users, file => !folders.Any(folder => file.StartsWith(folder, StringComparison.Ordinal)));
    }

    [Fact]
    public void Of_the_tests_only_the_trainers_and_the_benchmarks_know_tensors()
    {
        var users = Repository.Projects.Values.Except(Repository.Products).Where(project => project.UsesOf("TorchSharp").Any() || project.Packages.Any(name => name.StartsWith("TorchSharp", StringComparison.Ordinal)));

        Assert.Empty(users.Select(project => project.Name).Except(["GpuTrainer.Tests", "Benchmarks"]));
    }

    [Fact]
    public void The_Durable_Task_provider_knows_nothing_of_VerSemi() => Assert.Empty(Repository.Projects["DurableTask.EntityFramework"].UsesOf("VerSemi"));

    [Fact]
    public void Domain_has_no_input_or_output_and_no_clock()
    {
        foreach (var io in new[] { "System.IO", "System.Net", "Microsoft.Extensions" })
            Assert.Empty(Repository.Projects["Domain"].UsesOf(io));
        Assert.DoesNotContain(Repository.Files("src/Domain", ".cs").SelectMany(Repository.Lines), line =>
            line.Contains("DateTime.", StringComparison.Ordinal) || line.Contains("DateTimeOffset.Utc", StringComparison.Ordinal) || line.Contains(" File.", StringComparison.Ordinal));
    }

    [Fact]
    public void No_product_reads_the_wall_clock_past_its_time_provider()
    {
        var readers = Repository.Files("src", ".cs", ".razor").Where(file => Repository.Lines(file).Any(line =>
            line.Contains("DateTimeOffset.UtcNow", StringComparison.Ordinal) || line.Contains("DateTimeOffset.Now", StringComparison.Ordinal)
            || line.Contains("DateTime.UtcNow", StringComparison.Ordinal) || line.Contains("DateTime.Now", StringComparison.Ordinal)));

        Assert.Empty(readers);
    }

    [Fact]
    public void No_file_is_longer_than_400_lines()
    {
        var tooLong = Repository.Files(".", ".cs", ".razor", ".sh")
            .Where(file => !file.Contains("/Migrations/", StringComparison.Ordinal))
            .Select(file => (file, lines: Repository.Lines(file).Length)).Where(file => file.lines > 400);

        Assert.Empty(tooLong);
    }

    [Fact]
    public void The_fences_see_the_repository()
    {
        Assert.True(Repository.Files("src", ".cs").Count() > 40);
        Assert.Contains("src/Imaging/Rendering/OverlayRenderer.cs", Repository.Projects["Imaging"].UsesOf("SkiaSharp"));
        Assert.NotEmpty(Repository.Projects["Platform"].UsesOf("MassTransit"));
        Assert.Contains("TorchSharp", Repository.Projects["GpuTrainer"].Packages);
    }
}
