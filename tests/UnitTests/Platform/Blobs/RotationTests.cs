using VerSemi.Platform.Blobs;
using VerSemi.TestKit;

namespace VerSemi.UnitTests.Platform.Blobs;

public sealed class RotationTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Everybody_has_a_turn_before_anybody_has_a_second_one()
    {
        var rotation = new Rotation(_time);
        string[] names = ["a", "b", "c", "d", "e"];
        var turns = Enumerable.Range(0, 5).SelectMany(_ => Next(rotation, names, 2)).ToList();
        Assert.Equal(names, turns[..5].Order());
        Assert.Equal(turns[..5], turns[5..]);
    }

    [Fact]
    public void Who_is_new_was_looked_at_just_now_and_who_has_gone_has_no_turn()
    {
        var rotation = new Rotation(_time);
        Next(rotation, ["a", "b"], 0);
        Assert.Equal(["b", "new"], Next(rotation, ["b", "new"], 5));
        Assert.Equal(["b"], Next(rotation, ["b", "newer"], 1));
    }

    [Fact]
    public void Nobodys_turn_comes_before_the_rest_is_over()
    {
        var rotation = new Rotation(_time);
        Assert.Empty(rotation.Next(["a", "b"], 2, TimeSpan.FromSeconds(30)));
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(2, rotation.Next(["a", "b"], 2, TimeSpan.FromSeconds(30)).Count);
        Assert.Empty(rotation.Next(["a", "b"], 2, TimeSpan.FromSeconds(30)));
    }

    private IReadOnlyList<string> Next(Rotation rotation, string[] names, int most)
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        return rotation.Next(names, most);
    }
}
