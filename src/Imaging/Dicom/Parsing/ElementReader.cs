namespace VerSemi.Imaging.Dicom.Parsing;

/// <summary>The bytes end inside of the header, and more of the file can be read.</summary>
internal sealed class PrefixTooShortException : Exception;

/// <summary>
/// Reads elements from memory (PS3.5 section 7). No value is copied, so that nothing is allocated by what a length says: a
/// value that is not in the file is refused. Depth and number of elements are bounded.
/// </summary>
/// <param name="isWhole">False: <paramref name="bytes"/> are the begin of a file.</param>
/// <param name="headerOnly">Stop at the pixel data, and keep their length.</param>
internal sealed class ElementReader(ReadOnlyMemory<byte> bytes, string file, bool isWhole, bool headerOnly)
{
    private const int MostElements = 2_000_000, Deepest = 64;
    private readonly int _lastContent = isWhole ? bytes.Span.LastIndexOfAnyExcept((byte)0) : int.MaxValue;
    private int _elements;

    public int Position { get; set; }
    private int Left => bytes.Length - Position;

    /// <summary>Elements of group 0002, always in explicit little endian (PS3.10 section 7.1); the group's length is not trusted.</summary>
    public DicomDataset ReadMeta()
    {
        var meta = new DicomDataset(file, bigEndian: false);
        while (ElementHeader.Read(bytes.Span[Position..], explicitVr: true, bigEndian: false) is { Tag.Group: 2 } header)
            ReadElement(meta, header, new Encoding(true, false), 0);
        return Left > 12 || isWhole ? meta : throw new PrefixTooShortException();
    }

    /// <summary>To the end of the file.</summary>
    public DicomDataset ReadAll(bool explicitVr, bool bigEndian)
    {
        var data = new DicomDataset(file, bigEndian);
        var encoding = new Encoding(explicitVr, bigEndian);
        while (Left > 0 && !IsPadding())
        {
            var header = HeaderAt(encoding);
            if (header.Tag == DicomTag.ItemEnd || header.Tag == DicomTag.SequenceEnd)
                throw Fault(header.Tag, "ends what was not begun");
            if (headerOnly && header.Tag.Group == 0x7FE0 && header.Tag.Element != 0)
            {
                data.Add(new DicomElement(header.Tag, header.Vr, Position + header.Size, default) { Length = header.IsUndefined ? Math.Max(1, Left) : header.Length });
                break;
            }
            ReadElement(data, header, encoding, 0);
        }
        return data;
    }

    private readonly record struct Encoding(bool Explicit, bool BigEndian);

    private void ReadElement(DicomDataset into, ElementHeader header, Encoding encoding, int depth)
    {
        if (++_elements > MostElements)
            throw Fault(header.Tag, $"is beyond the {MostElements} elements that a file may have");
        Position += header.Size;
        var element = new DicomElement(header.Tag, header.Vr, Position, default);
        if (header.Tag == Tags.PixelData && header.IsUndefined)
            element = element with { Fragments = ReadFragments(encoding) };
        else if (header.Vr == "SQ" || header.IsUndefined || (header.Vr == "UN" && Tags.VrOf(header.Tag) == "SQ"))
            // A sequence of unknown VR is implicit little endian, whatever the file is (PS3.5 section 6.2.2, note 4).
            element = element with { Vr = "SQ", Items = ReadItems(into, header, header.Vr == "UN" ? new Encoding(false, false) : encoding, depth + 1) };
        else
            element = element with { Value = Take(header.Tag, header.Length), Length = header.Length };
        into.Add(element);
        if (header.Tag == Tags.SpecificCharacterSet)
            into.Characters = CharacterSet.Of(into.Texts(header.Tag));
    }

    private List<DicomDataset> ReadItems(DicomDataset parent, ElementHeader sequence, Encoding encoding, int depth)
    {
        if (depth > Deepest)
            throw Fault(sequence.Tag, $"is nested deeper than {Deepest} sequences");
        var (items, end) = (new List<DicomDataset>(), End(sequence));
        while (Position < end)
        {
            var header = HeaderAt(encoding);
            Position += header.Size;
            if (header.Tag == DicomTag.SequenceEnd && sequence.IsUndefined)
                return items;
            if (header.Tag != DicomTag.Item)
                throw Fault(sequence.Tag, $"holds {header.Tag} where an item is expected");
            items.Add(ReadItem(parent, header, encoding, depth));
        }
        return sequence.IsUndefined ? throw TooShort(sequence.Tag, "has no end") : items;
    }

    private DicomDataset ReadItem(DicomDataset parent, ElementHeader item, Encoding encoding, int depth)
    {
        if (++_elements > MostElements)
            throw Fault(item.Tag, $"is beyond the {MostElements} elements that a file may have");
        var (data, end) = (new DicomDataset(file, encoding.BigEndian) { Characters = parent.Characters }, End(item));
        while (Position < end)
        {
            var header = HeaderAt(encoding);
            if (header.Tag == DicomTag.ItemEnd)
            {
                Position += header.Size;
                return data;
            }
            ReadElement(data, header, encoding, depth);
        }
        return item.IsUndefined ? throw TooShort(item.Tag, "has no end") : data;
    }

    private List<ReadOnlyMemory<byte>> ReadFragments(Encoding encoding)
    {
        var fragments = new List<ReadOnlyMemory<byte>>();
        while (Left > 0)
        {
            var header = HeaderAt(encoding);
            Position += header.Size;
            if (header.Tag == DicomTag.SequenceEnd)
                break;
            if (header.Tag != DicomTag.Item || header.IsUndefined || ++_elements > MostElements)
                throw Fault(Tags.PixelData, $"holds {header.Tag} where a fragment of known length is expected");
            fragments.Add(Take(header.Tag, header.Length));
        }
        return fragments;
    }

    private int End(ElementHeader header) => header.IsUndefined ? bytes.Length
        : header.Length <= Left ? Position + (int)header.Length : throw TooShort(header.Tag, $"declares {header.Length} bytes, of which {Left} are there");

    private ReadOnlyMemory<byte> Take(DicomTag tag, uint length)
    {
        if (length > Left)
            throw TooShort(tag, $"declares {length} bytes, of which {Left} are there");
        var value = bytes.Slice(Position, (int)length);
        Position += (int)length;
        return value;
    }

    private ElementHeader HeaderAt(Encoding encoding) =>
        ElementHeader.Read(bytes.Span[Position..], encoding.Explicit, encoding.BigEndian) ?? throw TooShort(DicomTag.Item, "is expected where the file ends");

    /// <summary>Some archives fill the last block of a file with zeros.</summary>
    private bool IsPadding() => Position > _lastContent;

    private Exception TooShort(DicomTag tag, string what) => isWhole ? Fault(tag, what) : new PrefixTooShortException();

    private InvalidImageException Fault(DicomTag tag, string what) =>
        new(file, $"element {tag} at byte {Position} {what}: the file is damaged or cut off. Copy it again from its source.");
}
