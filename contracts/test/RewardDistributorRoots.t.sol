// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";

import {ArenaToken} from "../src/ArenaToken.sol";
import {IArenaToken} from "../src/interfaces/IArenaToken.sol";
import {IRewardDistributor} from "../src/interfaces/IRewardDistributor.sol";
import {RewardDistributor} from "../src/RewardDistributor.sol";
import {DistributorFixture} from "./support/DistributorFixture.sol";

/// @title Follows RewardDistributor.tree: the schedule, and roots on their way.
contract RewardDistributorRootsTest is DistributorFixture {
    bytes32 private constant ROOT = keccak256("root");

    function test_ConstructorRevertWhen_TheAdminIsZero() external {
        vm.expectRevert(IArenaToken.ZeroAddress.selector);
        new RewardDistributor(address(0), token, GENESIS, DAY, EMISSION, DELAY);
    }

    function test_ConstructorRevertWhen_TheTokenIsZero() external {
        vm.expectRevert(IArenaToken.ZeroAddress.selector);
        new RewardDistributor(admin, ArenaToken(address(0)), GENESIS, DAY, EMISSION, DELAY);
    }

    function test_ConstructorRevertWhen_TheEpochsHaveNoLength() external {
        vm.expectRevert(IRewardDistributor.BadSchedule.selector);
        new RewardDistributor(admin, token, GENESIS, 0, EMISSION, DELAY);
    }

    function test_ConstructorRevertWhen_TheEmissionIsAboveTheCap() external {
        vm.expectRevert(IRewardDistributor.BadSchedule.selector);
        new RewardDistributor(admin, token, GENESIS, DAY, 1e9 ether + 1, DELAY);
    }

    function test_ConstructorRevertWhen_TheDelayIsAboveTheMaximum() external {
        vm.expectRevert(abi.encodeWithSelector(IRewardDistributor.DelayTooLong.selector, 31 days, 30 days));
        new RewardDistributor(admin, token, GENESIS, DAY, EMISSION, 31 days);
    }

    function test_EmittedByWhenTheEpochIsInTheFirstPeriod() external view {
        assertEq(distributor.emittedBy(0), EMISSION);
        assertEq(distributor.emittedBy(29), 30 * EMISSION);
    }

    function test_EmittedByWhenAPeriodEnds() external view {
        assertEq(distributor.emittedBy(30), 30 * EMISSION + 900 ether);
        assertEq(distributor.emittedBy(59), 30 * EMISSION + 30 * 900 ether);
        assertEq(distributor.emittedBy(60), 30 * EMISSION + 30 * 900 ether + 810 ether);
    }

    function test_EmittedByWhenTheRateHasFallenToZero() external {
        RewardDistributor few = new RewardDistributor(admin, token, GENESIS, DAY, 2, DELAY);
        assertEq(few.emittedBy(59), 30 * 2 + 30);
        assertEq(few.emittedBy(60), 90);
        assertEq(few.emittedBy(type(uint64).max), 90);
    }

    function test_EmittedByWhenTheEmissionIsTheCapAndTheEpochTheLastOfAll() external {
        RewardDistributor most = new RewardDistributor(admin, token, GENESIS, DAY, 1e9 ether, DELAY);
        uint256 gas = gasleft();
        uint256 emitted = most.emittedBy(type(uint64).max);
        assertLt(gas - gasleft(), 150_000, "gas");
        assertLe(emitted, 300 * 1e9 ether, "a tenth per 30 epochs sums to 300");
    }

    function testFuzz_EmittedByIsTheSumOfItsEpochs(uint256 emission, uint64 epoch) external {
        emission = bound(emission, 0, 1e9 ether);
        epoch = uint64(bound(epoch, 0, 400));
        RewardDistributor some = new RewardDistributor(admin, token, GENESIS, DAY, emission, DELAY);
        uint256 sum;
        for (uint256 i = 0; i <= epoch; i++) {
            if (i != 0 && i % 30 == 0) emission = emission * 9 / 10;
            sum += emission;
        }
        assertEq(some.emittedBy(epoch), sum);
    }

    function test_SubmitRootRevertWhen_TheCallerIsNotASubmitter() external {
        bytes32 role = distributor.SUBMITTER_ROLE();
        vm.expectRevert(abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, admin, role));
        vm.prank(admin);
        distributor.submitRoot(0, ROOT, 1, EVIDENCE, URI);
    }

    function test_SubmitRootRevertWhen_TheEpochIsNotOver() external {
        vm.warp(_endOf(0) - 1);
        vm.expectRevert(abi.encodeWithSelector(IRewardDistributor.EpochNotOver.selector, 0, _endOf(0)));
        _submit(0, ROOT, 1);
        vm.warp(_endOf(0));
        _submit(0, ROOT, 1);
    }

    function test_SubmitRootRevertWhen_TheEpochIsTheLastOfAll() external {
        vm.warp(_endOf(0));
        uint64 last = type(uint64).max;
        vm.expectRevert(abi.encodeWithSelector(IRewardDistributor.EpochNotOver.selector, last, last));
        _submit(last, ROOT, 1);
    }

    function test_SubmitRootRevertWhen_TheEpochWasSubmitted() external {
        _settle(0, 1, 1);
        vm.expectRevert(abi.encodeWithSelector(IRewardDistributor.EpochNotNext.selector, 0, 0));
        _submit(0, ROOT, 2);
    }

    function test_SubmitRootRevertWhen_TheEpochWasDisabled() external {
        vm.warp(_endOf(0));
        _submit(0, ROOT, 1);
        _disable(0);
        vm.expectRevert(abi.encodeWithSelector(IRewardDistributor.EpochNotNext.selector, 0, 0));
        _submit(0, ROOT, 1);
    }

    function test_SubmitRootRevertWhen_ALaterEpochWasSubmitted() external {
        _settle(5, 1, 1);
        vm.expectRevert(abi.encodeWithSelector(IRewardDistributor.EpochNotNext.selector, 4, 5));
        _submit(4, ROOT, 2);
    }

    function test_SubmitRootRevertGiven_ARootIsPending() external {
        vm.warp(_endOf(1));
        _submit(0, ROOT, 1);
        uint64 activeAt = distributor.rootOf(0).activeAt;
        skip(DELAY - 1);
        vm.expectRevert(abi.encodeWithSelector(IRewardDistributor.RootPending.selector, 0));
        _submit(1, ROOT, 2);
        assertEq(distributor.rootOf(0).activeAt, activeAt);
        vm.warp(activeAt);
        distributor.activate();
    }

    function test_SubmitRootRevertWhen_TheRootIsZero() external {
        vm.warp(_endOf(0));
        vm.expectRevert(IRewardDistributor.EmptyRoot.selector);
        _submit(0, bytes32(0), 1);
    }

    function test_SubmitRootRevertWhen_TheTotalIsBelowTheActiveOne() external {
        _settle(0, 10, 10);
        vm.warp(_endOf(1));
        vm.expectRevert(abi.encodeWithSelector(IRewardDistributor.TotalFell.selector, 19, 20));
        _submit(1, ROOT, 19);
    }

    function test_SubmitRootRevertWhen_TheScheduleWouldBeExceeded() external {
        _fund(7);
        vm.warp(_endOf(0));
        vm.expectRevert(abi.encodeWithSelector(IRewardDistributor.EmissionExceeded.selector, EMISSION + 1, EMISSION));
        _submit(0, ROOT, EMISSION + 8);
        _submit(0, ROOT, EMISSION + 7);
        vm.warp(_endOf(1));
        vm.expectRevert(
            abi.encodeWithSelector(IRewardDistributor.EmissionExceeded.selector, 2 * EMISSION + 1, 2 * EMISSION)
        );
        _submit(1, ROOT, 2 * EMISSION + 8);
    }

    function test_SubmitRootRevertWhen_TheTotalIsBeyondAllBounds() external {
        _settle(0, 1, 1);
        vm.warp(_endOf(1));
        uint256 most = type(uint256).max;
        vm.expectRevert(abi.encodeWithSelector(IRewardDistributor.EmissionExceeded.selector, most, 2 * EMISSION));
        _submit(1, ROOT, most);
    }

    function test_SubmitRootRevertWhen_TheCapWouldBeExceeded() external {
        _deploy(1e9 ether - 5);
        vm.warp(_endOf(0));
        vm.expectRevert(abi.encodeWithSelector(IArenaToken.CapExceeded.selector, 6, 5));
        _submit(0, ROOT, 6);
        _submit(0, ROOT, 5);
        skip(DELAY);
        distributor.activate();
        assertEq(token.totalSupply(), token.CAP());
    }

    function test_SubmitRootRevertGiven_TheTokenHasAnotherDistributor() external {
        RewardDistributor other = new RewardDistributor(admin, token, GENESIS, DAY, EMISSION, DELAY);
        vm.startPrank(admin);
        other.grantRole(other.SUBMITTER_ROLE(), admin);
        vm.warp(_endOf(0));
        vm.expectRevert(abi.encodeWithSelector(IArenaToken.NotDistributor.selector, address(other)));
        other.submitRoot(0, ROOT, 1, EVIDENCE, URI);
    }

    function test_SubmitRootWhenTheRootCanBePaid() external {
        vm.warp(_endOf(0));
        vm.expectEmit(address(distributor));
        emit IRewardDistributor.RootSubmitted(0, ROOT, 9, EVIDENCE, URI, uint64(_endOf(0) + DELAY));
        _submit(0, ROOT, 9);
        IRewardDistributor.Root memory root = distributor.rootOf(0);
        assertEq(root.root, ROOT);
        assertEq(root.total, 9);
        assertEq(root.activeAt, _endOf(0) + DELAY);
        assertTrue(root.status == IRewardDistributor.RootStatus.Pending);
        (bool exists, uint64 epoch) = distributor.pending();
        assertTrue(exists);
        assertEq(epoch, 0);
        (, bytes32 activeRoot,) = distributor.active();
        assertEq(activeRoot, bytes32(0));
        assertEq(_minted(), 0);
    }

    function test_SubmitRootGivenAPendingRootIsDue() external {
        _settle(0, 3, 4);
        vm.warp(_endOf(1));
        _submit(1, ROOT, 9);
        (uint64 epoch,, uint256 total) = distributor.active();
        assertEq(epoch, 0);
        assertEq(total, 7);
        assertEq(_minted(), 7);
    }

    function test_SubmitRootGivenEpochsWereLeftOut() external {
        vm.warp(_endOf(30));
        _submit(30, ROOT, 30 * EMISSION + EMISSION * 9 / 10);
    }

    function test_SubmitRootWhenTheTotalStaysTheSame() external {
        _settle(0, 3, 4);
        _settle(1, 3, 4);
        distributor.activate();
        assertEq(_minted(), 7);
        (uint64 epoch,,) = distributor.active();
        assertEq(epoch, 1);
    }

    function test_DisableRootRevertWhen_TheCallerIsNotAGuardian() external {
        vm.warp(_endOf(0));
        _submit(0, ROOT, 1);
        bytes32 role = distributor.GUARDIAN_ROLE();
        vm.expectRevert(
            abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, submitter, role)
        );
        vm.prank(submitter);
        distributor.disableRoot(0);
    }

    function test_DisableRootRevertWhen_NoRootWasSubmittedForTheEpoch() external {
        vm.expectRevert(abi.encodeWithSelector(IRewardDistributor.NoPendingRoot.selector, 3));
        _disable(3);
    }

    function test_DisableRootRevertWhen_TheRootIsActive() external {
        _settle(0, 1, 1);
        distributor.activate();
        vm.expectRevert(abi.encodeWithSelector(IRewardDistributor.AlreadyActive.selector, 0));
        _disable(0);
    }

    function test_DisableRootRevertWhen_TheRootIsDue() external {
        _settle(0, 1, 1);
        vm.expectRevert(abi.encodeWithSelector(IRewardDistributor.AlreadyActive.selector, 0));
        _disable(0);
    }

    function test_DisableRootRevertWhen_TheRootWasDisabled() external {
        vm.warp(_endOf(0));
        _submit(0, ROOT, 1);
        _disable(0);
        vm.expectRevert(abi.encodeWithSelector(IRewardDistributor.NoPendingRoot.selector, 0));
        _disable(0);
    }

    function test_DisableRootWhenTheRootIsPending() external {
        vm.warp(_endOf(0));
        bytes32 root = _grant(600 ether, 400 ether);
        _submit(0, root, EMISSION);
        skip(DELAY - 1);
        vm.expectEmit(address(distributor));
        emit IRewardDistributor.RootDisabled(0, root);
        _disable(0);
        skip(1);
        vm.expectRevert(abi.encodeWithSelector(IRewardDistributor.NoPendingRoot.selector, 1));
        distributor.activate();
        _settle(1, 1200 ether, 800 ether);
        distributor.activate();
        assertEq(_minted(), 2 * EMISSION);
        assertTrue(distributor.rootOf(0).status == IRewardDistributor.RootStatus.Disabled);
    }

    function _disable(uint64 epoch) private {
        vm.prank(guardian);
        distributor.disableRoot(epoch);
    }
}
