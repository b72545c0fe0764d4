using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using VerSemi.GpuTrainer.Segmentations;
using VerSemi.GpuTrainer.Service;
using VerSemi.Ingest;
using VerSemi.Ingest.Hints;
using VerSemi.Orchestrator;
using VerSemi.Orchestrator.Access;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Bus;
using VerSemi.Platform.Doctor;
using VerSemi.Platform.Hints;
using VerSemi.Platform.Hosting;
using VerSemi.Platform.Telemetry;

namespace VerSemi.ManifestTests.Agreement;

/// <summary>A pod's variables as its program reads them at start: bound to the same options classes, validated by the same registrations.</summary>
internal sealed class ServiceSettings
{
    private static readonly (string Section, Type[] Options)[] OfAll =
        [("Service", [typeof(ServiceOptions)]), ("Telemetry", [typeof(TelemetryOptions)]), ("Bus", [typeof(BusOptions)]), ("Blobs", [typeof(BlobOptions)]), ("Doctor", [typeof(DoctorOptions)])];

    /// <summary>The sections that every service reads.</summary>
    public static IEnumerable<string> SectionsOfAll => OfAll.Select(pair => pair.Section);

    private static readonly (string Section, Type[] Options)[] OfTrainers = [("Trainer", [typeof(GpuTrainerOptions)])];

    private static readonly Dictionary<string, (string Section, Type[] Options)[]> OfOne = new()
    {
        ["orchestrator"] = [("Orchestrator", [typeof(OrchestratorOptions)]), (AccessOptions.Section, [typeof(AccessOptions)])],
        ["ingest"] = [("Ingest", [typeof(IngestOptions)]), (HookOptions.Section, [typeof(HookOptions), typeof(HintQueueOptions)])],
        ["gpu-trainer"] = OfTrainers,
        ["segmenter"] = OfTrainers,
    };

    private readonly string _service;
    private readonly IConfigurationSection _settings;
    private readonly IReadOnlyList<string> _misspelt;

    public ServiceSettings(string service, IReadOnlyDictionary<string, string> environment)
    {
        _service = service;
        _misspelt = [.. environment.Keys.Where(name => name.StartsWith("VERSEMI_", StringComparison.OrdinalIgnoreCase) && !name.StartsWith("VERSEMI__", StringComparison.OrdinalIgnoreCase) && name != "VERSEMI_CONFIG")];
        _settings = new ConfigurationBuilder().AddInMemoryCollection(environment.Select(pair =>
            KeyValuePair.Create(pair.Key.Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal), (string?)pair.Value))).Build().GetSection("VerSemi");
    }

    public T Get<T>(string section) where T : new() => _settings.GetSection(section).Get<T>() ?? new T();

    /// <summary>Keys that nobody reads, and what the program would refuse to start with.</summary>
    public IReadOnlyList<string> Faults() => [.. Unknown(), .. Refused()];

    /// <summary>Keys that nobody reads.</summary>
    public IEnumerable<string> Unknown()
    {
        var sections = OfAll.Concat(OfOne[_service]).ToDictionary(pair => pair.Section, pair => pair.Options, StringComparer.OrdinalIgnoreCase);
        foreach (var name in _misspelt)
            yield return $"{name} has no '__' after VERSEMI: nobody reads it";
        foreach (var child in _settings.GetChildren())
            foreach (var fault in sections.TryGetValue(child.Key, out var types) ? child.Value is not null ? [$"{child.Path} is a section, and no setting"] : UnknownKeys.Of(child, types) : [$"{child.Path} is no section of {_service}"])
                yield return fault;
    }

    private IEnumerable<string> Refused() =>
    [
        .. Get<ServiceOptions>("Service").Errors(_service == "orchestrator" ? !Get<AccessOptions>(AccessOptions.Section).IsOpen : null),
        .. Get<TelemetryOptions>("Telemetry").Errors(),
        .. Get<BusOptions>("Bus").Errors(),
        .. Get<BlobOptions>("Blobs").Errors(),
        .. Get<DoctorOptions>("Doctor").Errors(),
        .. RefusedByItself(),
    ];

    private IEnumerable<string> RefusedByItself()
    {
        var services = new ServiceCollection().AddLogging();
        try
        {
            Register(services);
            services.BuildServiceProvider().GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (Exception e) when (e is OptionsValidationException or AggregateException)
        {
            return (e is AggregateException several ? several.InnerExceptions : [e]).SelectMany(one => one is OptionsValidationException refused ? refused.Failures : [one.Message]);
        }
    }

    private void Register(IServiceCollection services)
    {
        switch (_service)
        {
            case "orchestrator":
                services.AddOrchestrator(_settings.GetSection("Orchestrator").Bind, _settings.GetSection(AccessOptions.Section).Bind);
                break;
            case "ingest":
                services.AddIngest(_settings.GetSection("Ingest").Bind).AddIngestHints(Get<HintQueueOptions>(HookOptions.Section), _settings.GetSection(HookOptions.Section).Bind);
                break;
            case "gpu-trainer":
                services.AddGpuTrainer(_settings.GetSection("Trainer").Bind);
                break;
            default:
                services.AddSegmentation(_settings.GetSection("Trainer").Bind);
                break;
        }
    }
}
