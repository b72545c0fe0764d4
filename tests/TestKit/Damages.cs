namespace VerSemi.TestKit;

/// <summary>What may have become of a small file on a disk.</summary>
public enum Damage
{
    Cut,
    Emptied,
    Garbage,
    FlippedBit,

    /// <summary>The file of the same kind of something else.</summary>
    Anothers,

    /// <summary>The same file as it was before.</summary>
    Older,
    Deleted,
}

/// <summary>Does it to a file.</summary>
public static class Damages
{
    /// <param name="other">For <see cref="Damage.Anothers"/>: the content that takes the file's place.</param>
    /// <param name="older">For <see cref="Damage.Older"/>: the content that takes the file's place.</param>
    public static void Do(Damage damage, string file, byte[] other, byte[] older)
    {
        var content = File.ReadAllBytes(file);
        switch (damage)
        {
            case Damage.Cut:
                File.WriteAllBytes(file, content[..(content.Length / 2)]);
                break;
            case Damage.Emptied:
                File.WriteAllBytes(file, []);
                break;
            case Damage.Garbage:
                File.WriteAllText(file, "\0\u0001 this is no JSON {");
                break;
            case Damage.FlippedBit:
                content[content.Length / 2] ^= 1;
                File.WriteAllBytes(file, content);
                break;
            case Damage.Anothers:
                File.WriteAllBytes(file, other);
                break;
            case Damage.Older:
                File.WriteAllBytes(file, older);
                break;
            case Damage.Deleted:
                File.Delete(file);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(damage), damage, "unknown damage");
        }
    }
}
