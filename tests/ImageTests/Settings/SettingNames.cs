using System.Collections;
using System.Reflection;
using VerSemi.GpuTrainer.Service;
using VerSemi.Ingest;
using VerSemi.Ingest.Hints;
using VerSemi.Orchestrator;
using VerSemi.Orchestrator.Access;
using VerSemi.Platform.Blobs;
using VerSemi.Platform.Bus;
using VerSemi.Platform.Hints;
using VerSemi.Platform.Hosting;
using VerSemi.Platform.Telemetry;

namespace VerSemi.ImageTests.Settings;

/// <summary>The names that settings have as environment variables, from the classes that they are bound to.</summary>
internal static class SettingNames
{
    public const string Prefix = "VERSEMI__";

    private static readonly (string Section, Type Options)[] Sections =
    [
        ("Service", typeof(ServiceOptions)), ("Telemetry", typeof(TelemetryOptions)), ("Bus", typeof(BusOptions)), ("Blobs", typeof(BlobOptions)),
        ("Orchestrator", typeof(OrchestratorOptions)), ("Access", typeof(AccessOptions)), ("Ingest", typeof(IngestOptions)),
        ("Hints", typeof(HookOptions)), ("Hints", typeof(HintQueueOptions)), ("Trainer", typeof(GpuTrainerOptions)),
    ];

    /// <summary>Whether any service reads the variable: VERSEMI__BUS__HOST.</summary>
    public static bool Knows(string variable)
    {
        if (!variable.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            return false;
        var path = variable[Prefix.Length..].Split("__");
        return Sections.Any(section => Same(section.Section, path[0]) && IsSetting(section.Options, path.AsSpan(1)));
    }

    private static bool IsSetting(Type type, ReadOnlySpan<string> path)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (path.IsEmpty)
            return IsScalar(plain);
        if (IsScalar(plain))
            return false;
        // A dictionary's key, or a list's index, is a part of the name.
        if (typeof(IEnumerable).IsAssignableFrom(plain))
            return IsSetting(plain.GetGenericArguments()[^1], path[1..]);
        var name = path[0];
        var property = plain.GetProperties(BindingFlags.Public | BindingFlags.Instance).FirstOrDefault(one => Same(one.Name, name));
        return property is not null && (property.SetMethod is { IsPublic: true } || !IsScalar(property.PropertyType)) && IsSetting(property.PropertyType, path[1..]);
    }

    private static bool IsScalar(Type type) => type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(TimeSpan) || type == typeof(decimal);

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
