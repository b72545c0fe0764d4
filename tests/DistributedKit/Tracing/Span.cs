using System.Globalization;
using System.Text;

namespace VerSemi.DistributedKit.Tracing;

/// <param name="Service">"versemi-trainer", ….</param>
/// <param name="Parent">Empty: the root of its trace.</param>
public sealed record Span(string Service, string Trace, string Id, string Parent, string Name, IReadOnlyDictionary<string, string> Tags)
{
    public bool IsRoot => Parent.Length == 0;

    public override string ToString() => $"{Service} '{Name}' {Id} < {(IsRoot ? "-" : Parent)}";
}

/// <summary>Field numbers are those of the published schema opentelemetry.proto.collector.trace.v1.</summary>
internal static class Spans
{
    public static IEnumerable<Span> Read(ReadOnlyMemory<byte> request) =>
        WireFormat.FieldsOf(request).Where(field => field.Number == 1).SelectMany(field => OfResource(field.Bytes));

    private static IEnumerable<Span> OfResource(ReadOnlyMemory<byte> resourceSpans)
    {
        var fields = WireFormat.FieldsOf(resourceSpans).ToList();
        var service = fields.Where(field => field.Number == 1).SelectMany(field => Attributes(field.Bytes, 1))
            .FirstOrDefault(attribute => attribute.Key == "service.name").Value ?? "";
        return from scope in fields
               where scope.Number == 2
               from span in WireFormat.FieldsOf(scope.Bytes)
               where span.Number == 2
               select Read(service, span.Bytes);
    }

    private static Span Read(string service, ReadOnlyMemory<byte> span)
    {
        var fields = WireFormat.FieldsOf(span).Where(field => field.Number is 1 or 2 or 4 or 5).ToDictionary(field => field.Number, field => field.Bytes);
        return new Span(service, Hex(1), Hex(2), Hex(4), Encoding.UTF8.GetString(fields[5].Span), new Dictionary<string, string>(Attributes(span, 9)));

        string Hex(int number) => fields.TryGetValue(number, out var bytes) ? Convert.ToHexStringLower(bytes.Span) : "";
    }

    private static IEnumerable<KeyValuePair<string, string>> Attributes(ReadOnlyMemory<byte> message, int number) =>
        from attribute in WireFormat.FieldsOf(message)
        where attribute.Number == number
        let parts = WireFormat.FieldsOf(attribute.Bytes).ToDictionary(part => part.Number, part => part.Bytes)
        select new KeyValuePair<string, string>(Encoding.UTF8.GetString(parts[1].Span), parts.TryGetValue(2, out var value) ? Text(value) : "");

    /// <summary>Texts and whole numbers; nothing else is looked at.</summary>
    private static string Text(ReadOnlyMemory<byte> value)
    {
        var field = WireFormat.FieldsOf(value).FirstOrDefault();
        return field.Number == 1 ? Encoding.UTF8.GetString(field.Bytes.Span) : field.Value.ToString(CultureInfo.InvariantCulture);
    }
}
