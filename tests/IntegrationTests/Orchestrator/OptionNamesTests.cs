using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using VerSemi.Ingest;
using VerSemi.Orchestrator;
using VerSemi.Orchestrator.Access;
using VerSemi.Platform.Hosting;

namespace VerSemi.IntegrationTests.Orchestrator;

/// <summary>Environment variables are upper case by habit, and reach what a settings file names in lower case.</summary>
public sealed class OptionNamesTests
{
    [Fact]
    public void A_line_of_the_defaults_is_reached_in_any_case()
    {
        var lines = Options<OrchestratorOptions>(("ORCHESTRATOR__LINES__MAIN__RECIPE", "demo"), ("Orchestrator__Lines__Main__Seed", "7"), ("ORCHESTRATOR__LINES__MAIN__SEEDS__0", "3")).Lines;

        var (name, main) = Assert.Single(lines);
        Assert.Equal(("main", "demo", 7), (name, main.Recipe, main.Seed));
        Assert.Equal([3], main.Seeds);
    }

    [Fact]
    public void A_line_of_the_environment_alone_has_its_name_in_lower_case() =>
        Assert.Equal(["liver-ct", "main"], Options<OrchestratorOptions>(("ORCHESTRATOR__LINES__LIVER-CT__RECIPE", "demo")).Lines.Keys.Order());

    [Fact]
    public void A_schedule_is_reached_in_any_case_and_has_its_name_in_lower_case()
    {
        var schedules = Options<OrchestratorOptions>(("ORCHESTRATOR__SCHEDULES__NIGHTLY__CRON", "0 2 * * *"), ("Orchestrator__Schedules__Nightly__Line", "main")).Schedules;

        var (name, nightly) = Assert.Single(schedules);
        Assert.Equal(("nightly", "0 2 * * *", "main"), (name, nightly.Cron, nightly.Line));
    }

    [Theory]
    [InlineData("OPENIDCONNECT")]
    [InlineData("JWT")]
    public void A_role_of_an_issuer_is_found_in_any_case(string issuer)
    {
        var access = Options<AccessOptions>(($"ACCESS__{issuer}__ROLES__RADIOLOGY", "approver"));
        IssuerOptions options = issuer == "JWT" ? access.Jwt : access.OpenIdConnect;

        Assert.Equal("approver", options.Roles["radiology"]);
    }

    /// <summary>A dictionary that is added to the options needs a test above, and to be here.</summary>
    [Fact]
    public void Every_dictionary_of_the_options_has_a_test() => Assert.Equal(
        ["IssuerOptions.Roles", "OrchestratorOptions.Lines", "OrchestratorOptions.Schedules"],
        new[] { typeof(OrchestratorOptions), typeof(IngestOptions), typeof(ServiceOptions) }.SelectMany(type => type.Assembly.GetTypes()).Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal))
            .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(property => property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() == typeof(Dictionary<,>))
            .Select(property => $"{property.DeclaringType!.Name}.{property.Name}").Order(StringComparer.Ordinal));

    private static T Options<T>(params (string Name, string Value)[] variables) where T : class
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(variables.Select(variable =>
            KeyValuePair.Create(variable.Name.Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal), (string?)variable.Value))).Build();
        var services = new ServiceCollection().AddLogging();
        services.AddOrchestrator(options =>
        {
            options.Database.File = "unused.db";
            settings.GetSection("Orchestrator").Bind(options);
        }, settings.GetSection(AccessOptions.Section).Bind);
        var provider = services.BuildServiceProvider();
        return provider.GetService<T>() ?? provider.GetRequiredService<IOptions<T>>().Value;
    }
}
