using VerSemi.Domain;

namespace VerSemi.UnitTests.Domain;

public sealed class PathSegmentTests
{
    public static TheoryData<string> Refused =>
    [
        "", ".", "..", "../models", "/any/path", "a/b", "a/", "a\\b", "..\\x", "a\nb", "a\n", "\n", "a\0b", "a\tb", "a\u007Fb", "a\u0085b", "a\u2028b", "a\u2029b",
        "a\u202Eb", "a\u200Bb", "\uFEFFa", ".hidden", ".store", "_report", "_READY", "_", "a.", "a..", " a", "a ", "\u00A0a", "a\u3000", "K\uFFFDln",
        new string('x', 300), new string('x', 256), new string('腹', 86),
    ];

    public static TheoryData<string> Taken =>
    [
        "a", "Task04_Hippocampus", "Müller Jörg (1)", "scan.v2.final", "a+b#c%20d", "O'Brien & \"x\"", "-dash", "scan.nii.copy", "腹部_01", "脑😀", "12:30",
        "La\u0308sion", new string('x', 255), new string('腹', 85),
    ];

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_more_or_less_than_one_safe_segment_is_refused_with_the_thing_the_value_and_what_is_possible(string name)
    {
        Assert.False(PathSegment.Is(name));
        var error = Assert.Throws<DomainException>(() => PathSegment.Of("a drop", name)).Message;
        Assert.Contains("cannot name a drop: it ", error, StringComparison.Ordinal);
        Assert.Contains("Possible is one part of a path", error, StringComparison.Ordinal);
        Assert.DoesNotContain(error, ShownText.IsInvisible);
        Assert.InRange(error.Length, 1, 500);
    }

    /// <summary>Not among the test data of others: a test's id cannot hold what is no text.</summary>
    [Fact]
    public void Nor_is_half_of_a_surrogate_pair_a_name() => Assert.All(["\uD800", "a\uDC00b"], name => Assert.False(PathSegment.Is(name)));

    [Theory]
    [MemberData(nameof(Taken))]
    public void Names_of_people_and_languages_are_taken_as_they_are(string name) =>
        Assert.Equal((name, name), (PathSegment.Of("a case", name).Text, PathSegment.Of("a case", name).ToString()));

    [Theory]
    [MemberData(nameof(Refused))]
    public void No_blob_is_named_by_them(string name)
    {
        Func<string>[] paths =
        [
            () => BlobLayout.Drop(name), () => BlobLayout.DropReport(name), () => BlobLayout.Dataset(name), () => BlobLayout.DatasetManifest("d", name), () => BlobLayout.Voxels("d", name),
            () => BlobLayout.Run(name), () => BlobLayout.AttemptModel(name, 1), () => BlobLayout.Evaluation("r", name), () => BlobLayout.Prediction("r", "candidate", "d", name),
            () => BlobLayout.Model(name, 1), () => BlobLayout.Production(name), () => BlobLayout.Import(name), () => BlobLayout.Segmentation(name), () => BlobLayout.Withdrawal(name),
            () => BlobLayout.Cycle(name),
        ];
        Assert.All(paths, path => Assert.Throws<DomainException>(path));
    }

    /// <summary>A method that takes a name as plain text would be a way around the type.</summary>
    [Fact]
    public void Every_name_in_the_layout_of_blobs_is_of_the_type()
    {
        var names = typeof(BlobLayout).GetMethods().Where(method => method.IsStatic && method.ReturnType == typeof(string)).SelectMany(method => method.GetParameters()).ToList();
        Assert.True(names.Count > 30);
        Assert.All(names, name => Assert.Contains(name.ParameterType, new[] { typeof(PathSegment), typeof(int) }));
    }

    [Theory]
    [InlineData("a\n")]
    [InlineData("a/b\n")]
    public void A_line_end_behind_it_makes_no_slug_and_no_task(string text)
    {
        Assert.False(Slug.Is(text));
        Assert.False(Slug.IsTaskId(text));
    }

    [Fact]
    public void A_line_end_behind_it_makes_no_hash()
    {
        var hash = ContentHash.OfText("x");
        Assert.True(ContentHash.Is(hash));
        Assert.All(new[] { hash + "\n", hash[..63] + "\n", hash.ToUpperInvariant(), "", null }, text => Assert.False(ContentHash.Is(text)));
    }

    [Fact]
    public void Shown_text_is_short_and_on_one_line()
    {
        Assert.Equal("a\\u000Ab\\uD800😀", ShownText.Of("a\nb\uD800😀"));
        Assert.Equal("aaa… (9 characters)", ShownText.Of(new string('a', 9), 3));
    }
}
