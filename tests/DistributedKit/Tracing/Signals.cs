using System.Text;

namespace VerSemi.DistributedKit.Tracing;

/// <summary>Metrics and logs of the public OTLP schema, as far as the tests look: names of metrics, texts of records.</summary>
internal static class Signals
{
    /// <summary>resource_metrics 1 → scope_metrics 2 → metrics 2 → name 1.</summary>
    public static IEnumerable<string> Metrics(byte[] message) => Texts(message, 1, 2, 2, 1);

    /// <summary>resource_logs 1 → scope_logs 2 → log_records 2 → body 5 → string_value 1.</summary>
    public static IEnumerable<string> Logs(byte[] message) => Texts(message, 1, 2, 2, 5, 1);

    private static IEnumerable<string> Texts(ReadOnlyMemory<byte> message, params int[] path)
    {
        IEnumerable<ReadOnlyMemory<byte>> at = [message];
        foreach (var number in path)
            at = at.SelectMany(WireFormat.FieldsOf).Where(field => field.Number == number).Select(field => field.Bytes);
        return [.. at.Select(text => Encoding.UTF8.GetString(text.Span))];
    }
}
