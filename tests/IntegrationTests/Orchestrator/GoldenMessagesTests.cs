using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MassTransit.Serialization;
using VerSemi.Domain.Messages;
using VerSemi.Orchestrator.Workflow;

namespace VerSemi.IntegrationTests.Orchestrator;

/// <summary>
/// Messages of every earlier version are read, with all their fields: a queue outlives a release, and for a time old and
/// new replicas run side by side. (Version 1 had no broker: none of its messages outlives its process.)
/// </summary>
public sealed class GoldenMessagesTests
{
    private static readonly JsonSerializerOptions AsOnTheBus = new(SystemTextJsonMessageSerializer.Options) { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Orchestrator", "Golden");

    public static TheoryData<string> Versions => new(Directory.GetFiles(Folder, "messages-*.json").Select(file => Path.GetFileName(file)).Order());

    private static IEnumerable<Type> Messages =>
    [
        .. typeof(WorkOnRun).Assembly.GetTypes().Where(type => type.Namespace == typeof(WorkOnRun).Namespace && IsRecord(type) && type != typeof(RunProgress)),
        .. typeof(ICycleMessage).Assembly.GetTypes().Where(type => IsRecord(type) && (type.IsAssignableTo(typeof(ICycleMessage)) || type.IsAssignableTo(typeof(IRunMessage)) || type == typeof(ActAnswer))),
    ];

    [Theory]
    [MemberData(nameof(Versions))]
    public void Every_message_of_an_earlier_version_is_read_with_all_its_fields(string file)
    {
        foreach (var (name, old) in Read(file))
        {
            var type = Messages.SingleOrDefault(message => message.Name == name);
            Assert.True(type is not null, $"{name} is gone, but may still lie in a queue.");
            var again = JsonSerializer.SerializeToNode(old.Deserialize(type, AsOnTheBus), type, AsOnTheBus);
            Assert.Equal([], Lost(old, again, name));
        }
    }

    [Fact]
    public void The_newest_file_has_every_field_of_every_message()
    {
        var (golden, now) = (Read(Versions.Last().Data), new JsonObject());
        foreach (var message in Messages.OrderBy(message => message.Name, StringComparer.Ordinal))
            now[message.Name] = JsonSerializer.SerializeToNode(Sample(message, ""), message, AsOnTheBus);
        var missing = Lost(now, golden, "").ToList();
        Assert.True(missing.Count == 0, $"Not in {Versions.Last().Data}: {string.Join(", ", missing)}. Add a file for the next version:\n{now.ToJsonString(new JsonSerializerOptions(AsOnTheBus) { WriteIndented = true })}");
    }

    private static JsonObject Read(string file) => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, file)))!.AsObject();

    /// <summary>Paths of what the one has and the other has not, or has otherwise.</summary>
    private static IEnumerable<string> Lost(JsonNode? from, JsonNode? to, string path) => (from, to) switch
    {
        (JsonObject one, JsonObject other) => one.SelectMany(member => Lost(member.Value, other[member.Key], $"{path}/{member.Key}")),
        (JsonArray one, JsonArray other) when one.Count == other.Count => one.SelectMany((item, i) => Lost(item, other[i], $"{path}/{i}")),
        _ => JsonNode.DeepEquals(from, to) ? [] : [path],
    };

    private static bool IsRecord(Type type) => type is { IsClass: true, IsAbstract: false } && type.GetMethod("<Clone>$") is not null;

    /// <summary>Every field with a value that is not its default.</summary>
    private static object? Sample(Type type, string name)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
            return $"a {name}";
        if (type == typeof(DateTimeOffset))
            return new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
        if (type.IsEnum)
            return Enum.GetValues(type).GetValue(Enum.GetValues(type).Length - 1);
        if (type.IsPrimitive)
            return type == typeof(bool) ? true : Convert.ChangeType(7, type);
        if (type.IsGenericType && type.GetGenericArguments() is [var item])
            return ListOf(item, Sample(item, name));
        return IsRecord(type) && type.GetConstructors() is [{ } constructor, ..]
            ? constructor.Invoke([.. constructor.GetParameters().Select(parameter => Sample(parameter.ParameterType, parameter.Name!))])
            : throw new NotSupportedException($"{type} {name}");
    }

    private static object ListOf(Type item, object? value)
    {
        var list = (System.Collections.IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(item))!;
        list.Add(value);
        return list;
    }
}
