using DurableTask.Core.History;
using Newtonsoft.Json;

namespace DurableTask.EntityFramework.Storage;

/// <summary>Events of DurableTask.Core as text: the name of their class, and JSON.</summary>
internal static class EventJson
{
    private static readonly Dictionary<string, Type> Kinds = typeof(HistoryEvent).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(HistoryEvent)) && !type.IsAbstract).ToDictionary(type => type.Name);

    private static readonly JsonSerializerSettings Settings = new()
    {
        // Default values are written: an event's parameterless constructor sets its id to -1, so that a 0 left out would break the replay.
        DefaultValueHandling = DefaultValueHandling.Include,
        NullValueHandling = NullValueHandling.Ignore,
        // Texts that look like dates stay texts.
        DateParseHandling = DateParseHandling.None,
    };

    public static string KindOf(HistoryEvent happened) => happened.GetType().Name;

    public static string Write(object value) => JsonConvert.SerializeObject(value, Settings);

    public static string? WriteOptional(object? value) => value is null ? null : Write(value);

    public static T Read<T>(string json) => JsonConvert.DeserializeObject<T>(json, Settings)
        ?? throw new JsonSerializationException($"A stored {typeof(T).Name} is the JSON null.");

    public static T? ReadOptional<T>(string? json) where T : class => json is null ? null : Read<T>(json);

    /// <exception cref="JsonSerializationException">A kind that this version of DurableTask.Core lacks, or damaged JSON.</exception>
    public static HistoryEvent Read(string kind, string body) => Kinds.TryGetValue(kind, out var type)
        ? (HistoryEvent)JsonConvert.DeserializeObject(body, type, Settings)!
        : throw new JsonSerializationException($"Unknown history event '{kind}': a newer version wrote it. Update this process.");
}
