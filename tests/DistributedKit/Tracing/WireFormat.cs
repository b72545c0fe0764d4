using System.Buffers.Binary;

namespace VerSemi.DistributedKit.Tracing;

/// <summary>A field of a Protocol Buffers message: its number, and its bytes or its number.</summary>
internal readonly record struct WireField(int Number, ReadOnlyMemory<byte> Bytes, ulong Value);

/// <summary>Protocol Buffers' wire format, as far as one must know it to look into a message.</summary>
internal static class WireFormat
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Delimited = 2;
    private const int Fixed32 = 5;

    public static IEnumerable<WireField> FieldsOf(ReadOnlyMemory<byte> message)
    {
        while (!message.IsEmpty)
        {
            var key = ReadVarint(ref message);
            yield return Read((int)(key >> 3), (int)(key & 7), ref message);
        }
    }

    private static WireField Read(int number, int type, ref ReadOnlyMemory<byte> message) => type switch
    {
        Varint => new WireField(number, default, ReadVarint(ref message)),
        Fixed64 => new WireField(number, default, BinaryPrimitives.ReadUInt64LittleEndian(Take(ref message, 8).Span)),
        Fixed32 => new WireField(number, default, BinaryPrimitives.ReadUInt32LittleEndian(Take(ref message, 4).Span)),
        Delimited => new WireField(number, Take(ref message, (int)ReadVarint(ref message)), 0),
        _ => throw new InvalidDataException($"Field {number} has wire type {type}; known are 0, 1, 2 and 5."),
    };

    private static ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> message, int count)
    {
        var taken = message[..count];
        message = message[count..];
        return taken;
    }

    private static ulong ReadVarint(ref ReadOnlyMemory<byte> message)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = Take(ref message, 1).Span[0];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
    }
}
