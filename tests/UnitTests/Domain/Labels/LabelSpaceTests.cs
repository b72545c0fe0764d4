using System.Text.Json;
using VerSemi.Domain;
using VerSemi.Domain.Labels;

namespace VerSemi.UnitTests.Domain.Labels;

public class LabelSpaceTests
{
    private static readonly LabelSpace Two = LabelSpace.Empty.Grow([("hippo/anterior", "Anterior", "MRI"), ("hippo/posterior", "Posterior", "MRI")]);

    [Fact]
    public void Growth_gives_each_new_task_the_next_column_and_moves_none()
    {
        var three = Two.Grow([("spleen/spleen", "Spleen", "CT"), ("hippo/anterior", "renamed", "CT")]);

        Assert.Equal((2, 3), (three.Version, three.Columns));
        Assert.Equal(Two.Tasks, three.Tasks.Take(2));
        Assert.Equal(new SegmentationTask("spleen/spleen", "Spleen", "CT", 2), three.Tasks[2]);
    }

    [Fact]
    public void Growth_by_known_tasks_is_no_new_version() => Assert.Same(Two, Two.Grow([("hippo/posterior", "Posterior", "MRI")]));

    [Fact]
    public void A_task_declared_twice_at_once_is_one_task() =>
        Assert.Equal(1, LabelSpace.Empty.Grow([("a/b", "B", "CT"), ("a/b", "B", "CT")]).Columns);

    [Fact]
    public void A_merged_task_keeps_its_column_and_answers_as_the_other()
    {
        var merged = Two.Merge("hippo/anterior", "hippo/posterior");

        Assert.Equal((2, 2), (merged.Version, merged.Columns));
        Assert.Equal("hippo/posterior", merged.Require("hippo/anterior").Id);
        Assert.Equal(["hippo/posterior"], merged.ActiveTasks.Select(task => task.Id));
        Assert.Equal(2, merged.Grow([("new", "New", "CT")]).Require("new").Column);
    }

    [Fact]
    public void A_merged_task_that_is_dropped_again_does_not_come_back() =>
        Assert.Single(Two.Merge("hippo/anterior", "hippo/posterior").Grow([("hippo/anterior", "Anterior", "MRI")]).ActiveTasks);

    [Fact]
    public void Merges_follow_one_another_to_the_end()
    {
        var chain = Two.Grow([("c", "C", "MRI")]).Merge("hippo/anterior", "hippo/posterior").Merge("hippo/posterior", "c");

        Assert.All(chain.Tasks, task => Assert.Equal("c", chain.Require(task.Id).Id));
    }

    [Fact]
    public void Merging_a_task_with_itself_or_back_again_is_refused()
    {
        var merged = Two.Merge("hippo/anterior", "hippo/posterior");

        Assert.Throws<DomainException>(() => Two.Merge("hippo/anterior", "hippo/anterior"));
        Assert.Throws<DomainException>(() => merged.Merge("hippo/posterior", "hippo/anterior"));
    }

    [Fact]
    public void An_unknown_task_is_named_with_those_that_are_known()
    {
        var error = Assert.Throws<DomainException>(() => Two.Require("liver"));

        Assert.Contains("'liver'", error.Message, StringComparison.Ordinal);
        Assert.Contains("hippo/anterior, hippo/posterior", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_hash_is_that_of_the_tasks_and_survives_json()
    {
        var read = JsonSerializer.Deserialize<LabelSpace>(JsonSerializer.Serialize(Two, DomainJson.Readable), DomainJson.Readable)!;

        Assert.Equal(Two.Hash, read.Hash);
        Assert.Equal(Two.Hash, (Two with { Version = 9 }).Hash);
        Assert.NotEqual(Two.Hash, Two.Merge("hippo/anterior", "hippo/posterior").Hash);
    }
}
