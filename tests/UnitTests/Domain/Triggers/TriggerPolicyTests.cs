using VerSemi.Domain.Triggers;

namespace VerSemi.UnitTests.Domain.Triggers;

public class TriggerPolicyTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);
    private static readonly LineActivity Idle = new(null, 0);

    [Theory]
    [InlineData(1, 0, false)]
    [InlineData(0, 1, false)]
    [InlineData(0, 0, true)]
    public void By_default_one_case_or_one_task_is_enough(int labelled, int unlabelled, bool task) =>
        Assert.Equal(TriggerWord.Fire, new TriggerPolicy().Decide(Change(labelled, unlabelled, task), Idle, Now).Word);

    [Fact]
    public void A_version_without_any_change_of_a_case_or_task_starts_nothing() =>
        Assert.Equal(TriggerWord.TooLittle, new TriggerPolicy().Decide(Change(0, 0), Idle, Now).Word);

    [Theory]
    [InlineData(9, 49, TriggerWord.TooLittle)]
    [InlineData(10, 0, TriggerWord.Fire)]
    [InlineData(0, 50, TriggerWord.Fire)]
    public void Labelled_and_unlabelled_cases_have_thresholds_of_their_own(int labelled, int unlabelled, TriggerWord expected) =>
        Assert.Equal(expected, new TriggerPolicy(NewLabelled: 10, NewUnlabelled: 50).Decide(Change(labelled, unlabelled), Idle, Now).Word);

    [Theory]
    [InlineData(true, TriggerWord.Fire)]
    [InlineData(false, TriggerWord.TooLittle)]
    public void A_new_task_fires_below_the_thresholds_unless_it_must_not(bool newTask, TriggerWord expected) =>
        Assert.Equal(expected, new TriggerPolicy(NewLabelled: 10, NewTask: newTask).Decide(Change(1, 0, task: true), Idle, Now).Word);

    [Theory]
    [InlineData(59, TriggerWord.TooSoon)]
    [InlineData(60, TriggerWord.Fire)]
    public void The_next_cycle_keeps_its_distance_from_the_start_of_the_last(int minutes, TriggerWord expected) =>
        Assert.Equal(expected, new TriggerPolicy(MinimumDistance: TimeSpan.FromHours(1)).Decide(Change(5, 0), new LineActivity(Now.AddMinutes(-minutes), 0), Now).Word);

    [Theory]
    [InlineData(99.9, TriggerWord.Fire)]
    [InlineData(100, TriggerWord.OverBudget)]
    public void The_months_trainer_time_is_a_limit(double used, TriggerWord expected) =>
        Assert.Equal(expected, new TriggerPolicy(MonthlyTrainerMinutes: 100).Decide(Change(5, 0), new LineActivity(null, used), Now).Word);

    [Fact]
    public void Every_answer_says_what_was_counted()
    {
        var answer = new TriggerPolicy(NewLabelled: 10).Decide(Change(3, 0), Idle, Now);

        Assert.Contains("3 labelled and 0 unlabelled cases, no new task", answer.Reason);
        Assert.Contains("10 labelled", answer.Reason);
    }

    [Fact]
    public void All_faults_are_told_at_once() =>
        Assert.Equal(4, new TriggerPolicy(0, 0, true, TimeSpan.FromSeconds(-1), double.NaN).Errors().Count());

    private static DataChange Change(int labelled, int unlabelled, bool task = false) => new(labelled, unlabelled, task ? ["liver/organ"] : []);
}
